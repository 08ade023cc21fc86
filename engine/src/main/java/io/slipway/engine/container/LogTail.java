package io.slipway.engine.container;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/** Finds the last lines of a log without reading more of it than it has to. */
final class LogTail {
  private static final int BLOCK = 64 << 10;

  private final LogFiles files;

  LogTail(LogFiles files) {
    this.files = files;
  }

  /**
   * What a file has.
   *
   * @param start of the wanted lines, or minus one when there are fewer
   * @param lines how many there are then
   */
  private record Found(long start, int lines) {}

  /**
   * Where the last {@code count} lines before {@code end} begin, however much was written since;
   * the beginning when there are fewer.
   */
  LogFiles.Position start(LogFiles.Position end, int count) throws IOException {
    if (count == 0) {
      return end;
    }
    int wanted = count;
    for (long generation = end.generation(); ; generation--) {
      Optional<LogSource> source = files.source(generation);
      if (source.isEmpty()) {
        return new LogFiles.Position(generation + 1, 0);
      }
      long reach = generation == end.generation() ? end.offset() : Long.MAX_VALUE;
      Found found;
      try (LogSource in = source.get()) {
        found =
            switch (in) {
              case LogSource.Plain plain -> backwards(plain.file(), reach, wanted);
              case LogSource.Packed packed -> forwards(packed, generation, reach, wanted);
            };
      }
      if (found.start() >= 0) {
        return new LogFiles.Position(generation, found.start());
      }
      wanted -= found.lines();
    }
  }

  private static Found backwards(FileChannel file, long reach, int wanted) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    long end = Math.min(reach, file.size());
    int newlines = 0;
    while (end > 0) {
      long from = Math.max(0, end - BLOCK);
      block.clear().limit((int) (end - from));
      while (block.hasRemaining() && file.read(block, from + block.position()) > 0) {}
      for (int i = block.position() - 1; i >= 0; i--) {
        // the one more is that of the line before the first wanted one
        if (block.get(i) == '\n' && ++newlines > wanted) {
          return new Found(from + i + 1, newlines);
        }
      }
      end = from;
    }
    return new Found(newlines == wanted ? 0 : -1, newlines);
  }

  /** Reads it twice rather than keep it. */
  private Found forwards(LogSource packed, long generation, long reach, int wanted)
      throws IOException {
    int lines = scan(packed, reach, Integer.MAX_VALUE).newlines();
    if (lines <= wanted) {
      return new Found(lines == wanted ? 0 : -1, lines);
    }
    Optional<LogSource> again = files.source(generation);
    if (again.isEmpty()) {
      return new Found(-1, 0);
    }
    try (LogSource in = again.get()) {
      return new Found(scan(in, reach, lines - wanted).bytes(), lines);
    }
  }

  private record Scanned(long bytes, int newlines) {}

  /** Reads up to the end or {@code reach}, or just behind the newline of that number. */
  private static Scanned scan(LogSource in, long reach, int limit) throws IOException {
    byte[] block = new byte[BLOCK];
    long bytes = 0;
    int newlines = 0;
    int count;
    while ((count = in.read(block, (int) Math.min(BLOCK, reach - bytes))) > 0) {
      for (int i = 0; i < count; i++) {
        if (block[i] == '\n' && ++newlines == limit) {
          return new Scanned(bytes + i + 1, newlines);
        }
      }
      bytes += count;
    }
    return new Scanned(bytes, newlines);
  }
}
