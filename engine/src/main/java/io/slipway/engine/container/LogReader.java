package io.slipway.engine.container;

import io.slipway.engine.http.Cancellation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;

/** Reads a container's log file, from some line on, and on as it grows. */
final class LogReader {
  private static final int BLOCK = 64 << 10;
  private static final long WAKE_MILLIS = 10_000;

  private final ContainerLog log;
  private final LogQuery query;
  private final StreamFrames out;

  LogReader(ContainerLog log, LogQuery query, StreamFrames out) {
    this.log = log;
    this.query = query;
    this.out = out;
  }

  /** Writes the wanted lines; with follow, until the log is closed or the client is gone. */
  void run(Cancellation cancellation) throws IOException, InterruptedException {
    cancellation.onCancel(log::wake);
    if (!Files.exists(log.file()) && !query.follow()) {
      return;
    }
    while (!Files.exists(log.file())) {
      if (cancellation.isCancelled() || !log.isOpen()) {
        return;
      }
      log.awaitMore(0, WAKE_MILLIS, cancellation::isCancelled);
    }
    try (FileChannel file = FileChannel.open(log.file(), StandardOpenOption.READ)) {
      long position = query.tail().isPresent() ? tailStart(file, query.tail().getAsInt()) : 0;
      follow(file, position, cancellation);
    }
  }

  private void follow(FileChannel file, long start, Cancellation cancellation)
      throws IOException, InterruptedException {
    LineSplitter lines = new LineSplitter();
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    long position = start;
    while (!cancellation.isCancelled()) {
      // asked before reading: what is written after the read makes the wait return at once
      boolean mayGrow = query.follow() && log.isOpen();
      long seen = log.written();
      int count = file.read(block.clear(), position);
      if (count > 0) {
        position += count;
        lines.add(block.array(), count);
        out.flush();
      } else if (!mayGrow || untilPassed()) {
        return;
      } else {
        log.awaitMore(seen, WAKE_MILLIS, cancellation::isCancelled);
      }
    }
  }

  private boolean untilPassed() {
    return query.until().map(to -> java.time.Instant.now().isAfter(to)).orElse(false);
  }

  /** Where the last {@code count} lines begin. */
  private static long tailStart(FileChannel file, int count) throws IOException {
    long end = file.size();
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    int newlines = 0;
    // the newline at the very end closes the last line
    long at = end - 1;
    while (at > 0 && count > 0) {
      long from = Math.max(0, at - BLOCK);
      block.clear().limit((int) (at - from));
      while (block.hasRemaining() && file.read(block, from + block.position()) > 0) {}
      for (int i = block.position() - 1; i >= 0; i--) {
        if (block.get(i) == '\n' && ++newlines == count) {
          return from + i + 1;
        }
      }
      at = from;
    }
    return count == 0 ? end : 0;
  }

  /** Cuts blocks into lines; a half line waits for the next block. */
  private final class LineSplitter {
    private final ByteArrayOutputStream half = new ByteArrayOutputStream();

    void add(byte[] block, int length) throws IOException {
      int start = 0;
      for (int i = 0; i < length; i++) {
        if (block[i] == '\n') {
          if (half.size() == 0) {
            line(block, start, i);
          } else {
            half.write(block, start, i - start);
            byte[] whole = half.toByteArray();
            half.reset();
            line(whole, 0, whole.length);
          }
          start = i + 1;
        }
      }
      half.write(block, start, length - start);
    }

    private void line(byte[] json, int from, int to) throws IOException {
      LogLine line = LogLine.decode(json, from, to);
      if (!query.wants(line)) {
        return;
      }
      byte[] text = line.text();
      if (query.timestamps()) {
        byte[] time = (line.time() + " ").getBytes(StandardCharsets.US_ASCII);
        byte[] stamped = java.util.Arrays.copyOf(time, time.length + text.length);
        System.arraycopy(text, 0, stamped, time.length, text.length);
        text = stamped;
      }
      out.write(line.stream(), text, 0, text.length);
    }
  }
}
