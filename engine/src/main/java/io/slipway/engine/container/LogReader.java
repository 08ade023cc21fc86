package io.slipway.engine.container;

import io.slipway.engine.http.Cancellation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Reads a container's log files, from some line on, and on as they grow. */
final class LogReader {
  private static final System.Logger LOG = System.getLogger("io.slipway.engine.container");
  private static final int BLOCK = 64 << 10;
  private static final long WAKE_MILLIS = 10_000;

  private final ContainerLog log;
  private final LogFiles files;
  private final LogQuery query;
  private final StreamFrames out;
  private final LineSplitter lines = new LineSplitter();

  LogReader(ContainerLog log, LogQuery query, StreamFrames out) {
    this.log = log;
    this.files = log.files();
    this.query = query;
    this.out = out;
  }

  /** Writes the wanted lines; with follow, until the log is closed or the client is gone. */
  void run(Cancellation cancellation) throws IOException, InterruptedException {
    cancellation.onCancel(log::wake);
    // without follow no further than the log reaches now, however fast it grows
    LogFiles.Position end = files.end();
    LogFiles.Position start =
        query.tail().isPresent()
            ? new LogTail(files).start(end, query.tail().getAsInt())
            : new LogFiles.Position(files.oldest(), 0);
    long offset = start.offset();
    for (long generation = start.generation(); !cancellation.isCancelled(); generation++) {
      Optional<LogSource> source = files.source(generation);
      if (source.isPresent()) {
        try (LogSource in = source.get()) {
          in.skipTo(offset);
          long limit = generation == end.generation() ? end.offset() - offset : Long.MAX_VALUE;
          read(in, generation, query.follow() ? Long.MAX_VALUE : limit, cancellation);
        }
      }
      offset = 0;
      boolean more = query.follow() ? generation < files.newest() : generation < end.generation();
      if (!more) {
        return;
      }
    }
  }

  /** Reads one file to its end, which has come when it grows no more. */
  private void read(LogSource in, long generation, long limit, Cancellation cancellation)
      throws IOException, InterruptedException {
    byte[] block = new byte[BLOCK];
    long left = limit;
    while (!cancellation.isCancelled() && left > 0) {
      // asked before reading: what is written after the read makes the wait return at once
      boolean mayGrow = query.follow() && log.isOpen() && generation == files.newest();
      long seen = log.written();
      int count = in.read(block, (int) Math.min(left, BLOCK));
      if (count > 0) {
        left -= count;
        lines.add(block, count);
        out.flush();
      } else if (!mayGrow || untilMillis() <= 0) {
        return;
      } else {
        log.awaitMore(seen, Math.min(WAKE_MILLIS, untilMillis()), cancellation::isCancelled);
      }
    }
  }

  private long untilMillis() {
    return query
        .until()
        .map(to -> Duration.between(Instant.now(), to).toMillis())
        .orElse(Long.MAX_VALUE);
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
      Optional<LogLine> line = decode(json, from, to).filter(query::wants);
      if (line.isPresent()) {
        byte[] text = query.text(line.get());
        out.write(line.get().stream(), text, 0, text.length);
      }
    }

    /** A line that a power cut or a full disk has damaged does not hide the others. */
    private Optional<LogLine> decode(byte[] json, int from, int to) {
      try {
        return Optional.of(LogLine.decode(json, from, to));
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, files.file() + ": " + e.getMessage());
        return Optional.empty();
      }
    }
  }
}
