package io.slipway.engine.container;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * A container's log in Docker's json-file format: bytes in, lines on disk. A line longer than
 * {@link #MAX_LINE_BYTES} is cut, as Docker cuts it. Readers ({@link LogReader}) read the files and
 * wait here for them to grow.
 */
final class ContainerLog {
  private static final int MAX_LINE_BYTES = 16 << 10;

  private final LogFiles files;
  private final String details;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition grown = lock.newCondition();
  private final Map<OutputStreamKind, ByteArrayOutputStream> unfinished =
      new EnumMap<>(OutputStreamKind.class);
  private long writtenBytes;
  private boolean open;

  /**
   * @param details a JSON object written with each line; empty for none
   */
  ContainerLog(LogFiles files, String details, Clock clock) {
    this.files = files;
    this.details = details;
    this.clock = clock;
  }

  LogFiles files() {
    return files;
  }

  /** Before a process runs: from now on readers that follow wait for more. */
  void open() throws IOException {
    lock.lock();
    try {
      files.open();
      open = true;
    } finally {
      lock.unlock();
    }
  }

  /** After the last output: writes what has no newline, and ends readers that follow. */
  void close() throws IOException {
    lock.lock();
    try {
      if (!open) {
        return;
      }
      // whatever becomes of the rest: when the disk is full, too, nobody waits any longer
      open = false;
      try {
        writeUnfinished();
      } finally {
        unfinished.clear();
        files.close();
      }
    } finally {
      grown.signalAll();
      lock.unlock();
    }
  }

  private void writeUnfinished() throws IOException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (Map.Entry<OutputStreamKind, ByteArrayOutputStream> rest : unfinished.entrySet()) {
      emit(rest.getKey(), rest.getValue().toByteArray(), lines);
    }
    append(lines);
  }

  void write(OutputStreamKind stream, byte[] bytes, int offset, int length) throws IOException {
    lock.lock();
    try {
      if (!open) {
        return;
      }
      ByteArrayOutputStream lines = new ByteArrayOutputStream(length + length / 2 + 128);
      ByteArrayOutputStream rest =
          unfinished.computeIfAbsent(stream, kind -> new ByteArrayOutputStream());
      int start = offset;
      int end = offset + length;
      for (int i = offset; i < end; i++) {
        boolean newline = bytes[i] == '\n';
        boolean full = rest.size() + i + 1 - start >= MAX_LINE_BYTES;
        if (newline || full) {
          emit(stream, joined(rest, bytes, start, i + 1), lines);
          start = i + 1;
        }
      }
      rest.write(bytes, start, end - start);
      append(lines);
    } finally {
      grown.signalAll();
      lock.unlock();
    }
  }

  private static byte[] joined(ByteArrayOutputStream rest, byte[] bytes, int from, int to) {
    if (rest.size() == 0) {
      return Arrays.copyOfRange(bytes, from, to);
    }
    rest.write(bytes, from, to - from);
    byte[] line = rest.toByteArray();
    rest.reset();
    return line;
  }

  private void emit(OutputStreamKind stream, byte[] line, ByteArrayOutputStream lines)
      throws IOException {
    if (line.length > 0) {
      LogLine.now(stream, clock.instant(), line, details).encode(lines);
      if (lines.size() >= files.room()) {
        append(lines);
        lines.reset();
        files.rotate();
      }
    }
  }

  private void append(ByteArrayOutputStream lines) throws IOException {
    if (lines.size() == 0) {
      return;
    }
    files.append(ByteBuffer.wrap(lines.toByteArray()));
    writtenBytes += lines.size();
  }

  /** How much was ever written; pass it to {@link #awaitMore}. */
  long written() {
    lock.lock();
    try {
      return writtenBytes;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until more than {@code seen} bytes were written, the log is closed, {@code limitMillis}
   * have passed or, after a {@link #wake}, {@code givenUp} holds.
   */
  void awaitMore(long seen, long limitMillis, BooleanSupplier givenUp) throws InterruptedException {
    long left = TimeUnit.MILLISECONDS.toNanos(limitMillis);
    lock.lock();
    try {
      while (writtenBytes == seen && open && left > 0 && !givenUp.getAsBoolean()) {
        left = grown.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  boolean isOpen() {
    lock.lock();
    try {
      return open;
    } finally {
      lock.unlock();
    }
  }

  /** Wakes readers, so that they look whether their client is still there. */
  void wake() {
    lock.lock();
    try {
      grown.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
