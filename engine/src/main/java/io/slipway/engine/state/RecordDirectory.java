package io.slipway.engine.state;

import io.slipway.engine.model.Json;
import io.slipway.image.content.AtomicFile;
import io.slipway.image.model.Bytes;
import io.slipway.runtime.layer.Dir;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Records of one kind: {@code root/KEY/FILE}. The directory of a key also holds what belongs to the
 * record (logs, a volume's data) and goes with it.
 */
public final class RecordDirectory<T> {
  /** Ends as {@link AtomicFile}'s own do, whose leftovers {@link #load} removes. */
  private static final String UNSYNCED = ".tmp";

  private final Path root;
  private final String fileName;
  private final Class<T> type;

  public RecordDirectory(Path root, String fileName, Class<T> type) {
    this.root = root;
    this.fileName = fileName;
    this.type = type;
  }

  /** What {@link #load} found. */
  public record Loaded<T>(List<T> records, List<String> problems) {}

  /** The directory of a key. */
  public Path directory(String key) {
    return root.resolve(key);
  }

  /** Reads all records; one that cannot be read is named among the problems. */
  public Loaded<T> load() throws IOException {
    AtomicFile.createDirectories(root);
    List<T> records = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    try (DirectoryStream<Path> keys = Files.newDirectoryStream(root, Files::isDirectory)) {
      for (Path key : keys) {
        Path file = key.resolve(fileName);
        AtomicFile.removeLeftovers(key);
        try {
          if (Files.exists(file)) {
            records.add(Json.read(Files.readAllBytes(file), type));
          } else {
            // its creation or removal was interrupted, so nobody was told that it exists
            delete(key);
          }
        } catch (IOException | RuntimeException e) {
          problems.add(file + " cannot be read: " + e.getMessage());
        }
      }
    }
    return new Loaded<>(records, problems);
  }

  /** Writes a record durably, making its directory if needed. */
  public void put(String key, T record) throws IOException {
    Path directory = directory(key);
    AtomicFile.createDirectories(directory);
    AtomicFile.write(directory.resolve(fileName), Bytes.copyOf(Json.bytes(record)));
  }

  /**
   * As {@link #put} without waiting for the disk: survives the daemon, perhaps not the machine. For
   * records that are not meant to outlive their use.
   */
  public void putUnsynced(String key, T record) throws IOException {
    Path directory = Files.createDirectories(directory(key));
    Path temp = directory.resolve("." + fileName + UNSYNCED);
    Files.write(temp, Json.bytes(record));
    Files.move(temp, directory.resolve(fileName), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Removes a record, first its file (so that a crash leaves no half record), then the rest. */
  public void remove(String key) throws IOException {
    AtomicFile.delete(directory(key).resolve(fileName));
    delete(directory(key));
  }

  /** As {@link #remove} without waiting for the disk. */
  public void removeUnsynced(String key) throws IOException {
    Files.deleteIfExists(directory(key).resolve(fileName));
    delete(directory(key));
  }

  /** A volume's data are in it, in which a container may have nested directories at will. */
  private static void delete(Path tree) throws IOException {
    try (Dir parent = Dir.open(tree.getParent())) {
      parent.remove(tree.getFileName().toString());
    }
  }
}
