package io.slipway.builder.context;

import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.TreeCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Reads files for their digests, as many at a time as there are processors. Threads and memory are
 * made for the first file and end with {@link #close}.
 */
final class FileReaders implements AutoCloseable {
  private static final int BUFFER = 256 * 1024;

  private final Optional<KnownDigests> known;
  private final int width = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 8);
  private final Arena arena = Arena.ofShared();
  private final BlockingQueue<MemorySegment> buffers = new ArrayBlockingQueue<>(width);
  private ExecutorService threads;
  private volatile boolean stopped;

  /** What is read is added to {@code known}. */
  FileReaders(Optional<KnownDigests> known) {
    this.known = known;
  }

  /**
   * Starts to read a file, which is closed afterwards.
   *
   * @param status what the file was when it was found
   * @param counted attributes that are part of the digest
   */
  Future<byte[]> read(Fd file, FileStatus status, Map<String, byte[]> counted) {
    if (threads == null) {
      for (int i = 0; i < width; i++) {
        buffers.add(arena.allocate(BUFFER));
      }
      threads =
          Executors.newFixedThreadPool(
              width, Thread.ofPlatform().daemon().name("context-reader-", 0).factory());
    }
    long now = System.currentTimeMillis() * 1_000_000L;
    boolean settled = FileContent.isSettled(status, now);
    try {
      return threads.submit(() -> digest(file, status, counted, settled));
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private byte[] digest(Fd file, FileStatus status, Map<String, byte[]> counted, boolean settled)
      throws IOException, InterruptedException {
    MemorySegment buffer = null;
    try (file) {
      buffer = buffers.take();
      byte[] digest = FileContent.read(file, buffer, counted, () -> stopped);
      if (known.isPresent() && FileContent.isSame(status, TreeCalls.status(file))) {
        known.get().put(status, digest, settled);
      }
      return digest;
    } finally {
      if (buffer != null) {
        buffers.add(buffer);
      }
    }
  }

  /** Ends what was started and is not awaited any more: every file is closed afterwards. */
  @Override
  public void close() {
    stopped = true;
    if (threads != null) {
      threads.close();
    }
    arena.close();
  }
}
