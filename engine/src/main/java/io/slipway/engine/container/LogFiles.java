package io.slipway.engine.container;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A log on disk: the current file and, as {@code .1}, {@code .2} and so on, those before it, packed
 * with gzip if wanted. Every file has a generation, which it keeps while its name moves on, so that
 * a reader finds the one after the file it has read. One thread writes.
 */
final class LogFiles {
  private static final System.Logger LOG = System.getLogger("io.slipway.engine.container");
  private static final String PACKED = ".gz";
  private static final String UNFINISHED = ".tmp";
  private static final int BLOCK = 64 << 10;

  private final Path file;
  private final LogOptions options;
  private final ReentrantLock lock = new ReentrantLock();
  private CompletableFuture<Void> packing = CompletableFuture.completedFuture(null);
  private FileChannel channel;
  private long bytes;
  private long newest;

  LogFiles(Path file, LogOptions options) {
    this.file = file;
    this.options = options;
  }

  Path file() {
    return file;
  }

  /** For writing; half a line that a killed daemon left is cut off. */
  void open() throws IOException {
    Files.createDirectories(file.getParent());
    lock.lock();
    try {
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ);
      bytes = wholeLines(channel);
      channel.truncate(bytes);
      channel.position(bytes);
      for (int i = 1; i < options.maxFiles(); i++) {
        Files.deleteIfExists(rotated(i, PACKED + UNFINISHED));
      }
    } finally {
      lock.unlock();
    }
  }

  private static long wholeLines(FileChannel file) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    long end = file.size();
    while (end > 0) {
      long from = Math.max(0, end - BLOCK);
      block.clear().limit((int) (end - from));
      while (block.hasRemaining() && file.read(block, from + block.position()) > 0) {}
      for (int i = block.position() - 1; i >= 0; i--) {
        if (block.get(i) == '\n') {
          return from + i + 1;
        }
      }
      end = from;
    }
    return 0;
  }

  void close() throws IOException {
    channel.close();
  }

  /** How many bytes fit before the file is full; at least one line is always written. */
  long room() {
    return options.maxBytes() - bytes;
  }

  /** Writes whole lines; when the disk is full all of them or none. */
  void append(ByteBuffer lines) throws IOException {
    if (!channel.isOpen()) {
      // beginning a new file has failed
      open();
    }
    long end = bytes;
    try {
      while (lines.hasRemaining()) {
        bytes += channel.write(lines);
      }
    } catch (IOException e) {
      bytes = end;
      channel.truncate(end);
      throw e;
    }
  }

  /** Begins a new file; waits for the packing of the last one. */
  void rotate() throws IOException {
    packing.join();
    lock.lock();
    try {
      channel.close();
      shift();
      newest++;
      bytes = 0;
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (options.compress()) {
        packing = new CompletableFuture<>();
        // a platform thread: packing uses the processor for long
        Thread.ofPlatform().daemon().name("slipway-log-gzip").start(this::pack);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The name of the current file becomes free. */
  private void shift() throws IOException {
    int last = options.maxFiles() - 1;
    if (last == 0) {
      // not truncated: who reads it may read on to its end
      Files.delete(file);
      return;
    }
    Files.deleteIfExists(rotated(last, ""));
    Files.deleteIfExists(rotated(last, PACKED));
    int present = 0;
    while (present + 1 < last && path(newest - present - 1).isPresent()) {
      present++;
    }
    for (int i = present; i >= 1; i--) {
      move(rotated(i, ""), rotated(i + 1, ""));
      move(rotated(i, PACKED), rotated(i + 1, PACKED));
    }
    move(file, rotated(1, ""));
  }

  private static void move(Path from, Path to) throws IOException {
    if (Files.exists(from)) {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private Path rotated(long index, String ending) {
    return file.resolveSibling(file.getFileName() + "." + index + ending);
  }

  private void pack() {
    try {
      Path plain = rotated(1, "");
      Path unfinished = rotated(1, PACKED + UNFINISHED);
      try (InputStream in = Files.newInputStream(plain);
          OutputStream out = new GZIPOutputStream(Files.newOutputStream(unfinished), BLOCK)) {
        in.transferTo(out);
      }
      lock.lock();
      try {
        Files.move(unfinished, rotated(1, PACKED), StandardCopyOption.ATOMIC_MOVE);
        Files.delete(plain);
      } finally {
        lock.unlock();
      }
    } catch (IOException | RuntimeException e) {
      // its lines can be read all the same
      LOG.log(System.Logger.Level.WARNING, "packing " + file + ".1: " + e);
    } finally {
      packing.complete(null);
    }
  }

  /** The generation of the current file. */
  long newest() {
    lock.lock();
    try {
      return newest;
    } finally {
      lock.unlock();
    }
  }

  /** The generation of the oldest file there is. */
  long oldest() {
    lock.lock();
    try {
      long oldest = newest;
      while (path(oldest - 1).isPresent()) {
        oldest--;
      }
      return oldest;
    } finally {
      lock.unlock();
    }
  }

  /** A place in a log. */
  record Position(long generation, long offset) {}

  /** Where the log ends now. */
  Position end() throws IOException {
    lock.lock();
    try {
      return new Position(newest, Files.exists(file) ? Files.size(file) : 0);
    } finally {
      lock.unlock();
    }
  }

  /** Opens a file; empty when it is gone. */
  Optional<LogSource> source(long generation) throws IOException {
    lock.lock();
    try {
      Optional<Path> path = path(generation);
      if (path.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(
          path.get().toString().endsWith(PACKED)
              ? new LogSource.Packed(new GZIPInputStream(Files.newInputStream(path.get()), BLOCK))
              : new LogSource.Plain(FileChannel.open(path.get(), StandardOpenOption.READ)));
    } finally {
      lock.unlock();
    }
  }

  private Optional<Path> path(long generation) {
    long index = newest - generation;
    if (index == 0) {
      return Files.exists(file) ? Optional.of(file) : Optional.empty();
    }
    Path packed = rotated(index, PACKED);
    Path plain = rotated(index, "");
    return Files.exists(packed)
        ? Optional.of(packed)
        : Files.exists(plain) ? Optional.of(plain) : Optional.empty();
  }
}
