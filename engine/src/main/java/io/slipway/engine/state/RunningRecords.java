package io.slipway.engine.state;

import io.slipway.engine.model.Json;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which containers run, in the exec root. Replaced by rename so that a killed daemon leaves whole
 * files, but not synced: after a power cut nothing runs anyway.
 */
public final class RunningRecords {
  private final Path root;

  public RunningRecords(Path execRoot) {
    this.root = execRoot.resolve("containers");
  }

  public void put(RunningRecord record) throws IOException {
    Path temp = root.resolve("." + record.id());
    Files.write(temp, Json.bytes(record));
    Files.move(temp, file(record.id()), StandardCopyOption.ATOMIC_MOVE);
  }

  public void remove(String id) throws IOException {
    Files.deleteIfExists(file(id));
  }

  /** The containers that ran when the last daemon ended and that are still known. */
  public Set<String> ids(Path containers) throws IOException {
    return load().stream()
        .map(RunningRecord::id)
        .filter(id -> Files.isDirectory(containers.resolve(id)))
        .collect(Collectors.toSet());
  }

  /** What ran when the last daemon ended; makes the directory. */
  public List<RunningRecord> load() throws IOException {
    Files.createDirectories(root);
    List<RunningRecord> records = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(root)) {
      for (Path file : files) {
        if (file.getFileName().toString().endsWith(".json")) {
          records.add(Json.read(Files.readAllBytes(file), RunningRecord.class));
        } else {
          Files.delete(file);
        }
      }
    }
    return records;
  }

  private Path file(String id) {
    return root.resolve(id + ".json");
  }
}
