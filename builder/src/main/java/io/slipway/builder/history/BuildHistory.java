package io.slipway.builder.history;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.slipway.builder.progress.BuildListener;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** The last builds of a daemon. Safe for threads. */
public final class BuildHistory implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(BuildHistory.class.getName());
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String RECORD = ".json";
  private static final String OUTPUT = ".log";
  private static final int MAX_RECORDS = 200;
  private static final int ID = 12;

  private final Path directory;
  private final List<Thread> writing = new ArrayList<>();

  public BuildHistory(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
  }

  /** Begins to take a build down; events go on to {@code listener}. */
  public BuildRecorder begin(BuildRecorder.Asked asked, BuildListener listener) {
    String id = UUID.randomUUID().toString().replace("-", "").substring(0, ID);
    return new BuildRecorder(this, id, asked, listener);
  }

  /** Writes beside everything else: no build waits for its record. */
  void keep(BuildRecord record, String log) {
    Thread writer = Thread.ofVirtual().name("build record").unstarted(() -> write(record, log));
    synchronized (this) {
      writing.removeIf(thread -> !thread.isAlive());
      writing.add(writer);
      writer.start();
    }
  }

  private synchronized void write(BuildRecord record, String log) {
    try {
      Files.writeString(directory.resolve(record.id() + OUTPUT), log);
      Path temporary = directory.resolve(record.id() + ".new");
      Files.writeString(temporary, JSON.writeValueAsString(record));
      Files.move(
          temporary, directory.resolve(record.id() + RECORD), StandardCopyOption.ATOMIC_MOVE);
      removeOldest();
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "cannot keep the record of build " + record.id() + ": " + e.getMessage());
    }
  }

  private void removeOldest() throws IOException {
    List<Path> records = files();
    if (records.size() <= MAX_RECORDS) {
      return;
    }
    records.sort(Comparator.comparing(BuildHistory::modified));
    for (Path old : records.subList(0, records.size() - MAX_RECORDS)) {
      remove(old.getFileName().toString().replace(RECORD, ""));
    }
  }

  private static long modified(Path file) {
    return file.toFile().lastModified();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return new ArrayList<>(all.filter(file -> file.toString().endsWith(RECORD)).toList());
    }
  }

  private void remove(String id) throws IOException {
    Files.deleteIfExists(directory.resolve(id + RECORD));
    Files.deleteIfExists(directory.resolve(id + OUTPUT));
  }

  /** The records there are, the last build first. */
  public List<BuildRecord> list() throws IOException {
    settle();
    var records = new ArrayList<BuildRecord>();
    for (Path file : files()) {
      read(file).ifPresent(records::add);
    }
    records.sort(Comparator.comparingLong(BuildRecord::started).reversed());
    return records;
  }

  /** Empty if it was removed meanwhile, or is damaged. */
  private static Optional<BuildRecord> read(Path file) throws IOException {
    try {
      return Optional.of(JSON.readValue(Files.readString(file), BuildRecord.class));
    } catch (NoSuchFileException | com.fasterxml.jackson.core.JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /**
   * The record whose id begins so; the last one if {@code id} is empty.
   *
   * @throws SlipwayException NOT_FOUND
   */
  public BuildRecord find(String id) throws IOException {
    return list().stream()
        .filter(record -> record.id().startsWith(id))
        .findFirst()
        .orElseThrow(() ->
            SlipwayException.notFound(
                id.isEmpty() ? "no build has been recorded" : "no record of a build " + id));
  }

  /** The output of a recorded build. */
  public String log(String id) throws IOException {
    Path file = directory.resolve(find(id).id() + OUTPUT);
    return Files.exists(file) ? Files.readString(file) : "";
  }

  private void settle() {
    List<Thread> now;
    synchronized (this) {
      now = List.copyOf(writing);
    }
    for (Thread writer : now) {
      try {
        writer.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Waits until the last records are written. */
  @Override
  public void close() {
    settle();
  }
}
