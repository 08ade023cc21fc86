package io.slipway.runtime.cgroup;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.OpenFlags;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A cgroup in one hierarchy: its control files. */
record CgroupDirectory(CgroupVersion version, Path path) {
  private static final String NO_LIMIT = "max";

  boolean has(String file) {
    return Files.exists(path.resolve(file));
  }

  String read(String file) throws IOException {
    return Files.readString(path.resolve(file), StandardCharsets.US_ASCII).strip();
  }

  /** A file with one number; {@code max} counts as {@link Long#MAX_VALUE}. */
  long readNumber(String file) throws IOException {
    String text = read(file);
    // v1 numbers are unsigned; beyond the signed range they mean "no limit".
    return text.equals(NO_LIMIT) || text.length() > 19 ? Long.MAX_VALUE : Long.parseLong(text);
  }

  /** A file of {@code key value} lines. */
  Map<String, Long> readTable(String file) throws IOException {
    Map<String, Long> table = new HashMap<>();
    for (String line : read(file).lines().toList()) {
      int space = line.indexOf(' ');
      if (space > 0) {
        table.put(line.substring(0, space), Long.parseUnsignedLong(line.substring(space + 1)));
      }
    }
    return table;
  }

  List<String> readLines(String file) throws IOException {
    return read(file).lines().toList();
  }

  void write(String file, String value) throws IOException {
    // The kernel ignores O_TRUNC; with plain files (tests) it keeps values apart.
    try (Fd fd = FileCalls.open(path.resolve(file), OpenFlags.O_WRONLY | OpenFlags.O_TRUNC, 0)) {
      FileCalls.writeFully(fd, value.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** Writes values one by one to the same open file, as files that take commands want it. */
  void writeEach(String file, List<String> values) throws IOException {
    try (Fd fd = FileCalls.open(path.resolve(file), OpenFlags.O_WRONLY, 0)) {
      for (String value : values) {
        FileCalls.writeFully(fd, value.getBytes(StandardCharsets.US_ASCII));
      }
    }
  }

  /**
   * Writes a limit a user asked for; what the kernel finds impossible is the user's mistake.
   *
   * @param what for the message: {@code memory limit}
   */
  void limit(String what, String file, String value) throws IOException {
    try {
      write(file, value);
    } catch (LinuxException e) {
      if (e.is(Errno.EINVAL) || e.is(Errno.EBUSY) || e.is(Errno.ERANGE) || e.is(Errno.ENODEV)) {
        throw new SlipwayException(
            ErrorKind.INVALID,
            "set %s to %s: %s (%s)".formatted(what, value, e.errno().sentence(), file),
            e);
      }
      throw new IOException("set %s to %s: %s".formatted(what, value, e.getMessage()), e);
    }
  }

  Fd open(String file, int flags) throws IOException {
    return FileCalls.open(path.resolve(file), flags, 0);
  }

  static String number(long value) {
    return value < 0 ? "-1" : Long.toString(value);
  }

  static String numberOrMax(long value) {
    return value < 0 ? NO_LIMIT : Long.toString(value);
  }
}
