package io.slipway.builder.frontend;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Values printed as Go's fmt package does: histories of images are compared as text. */
final class GoText {
  private static final long NANOS_PER_MICRO = 1_000;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private GoText() {}

  /** {@code [a b]}, as {@code %v}. */
  static String list(List<String> values) {
    return "[" + String.join(" ", values) + "]";
  }

  /** {@code ["a" "b"]}, as {@code %q}. */
  static String quotedList(List<String> values) {
    return values.stream().map(GoText::quote).collect(Collectors.joining(" ", "[", "]"));
  }

  /** As {@code strconv.Quote}: printable characters stay, also those outside ASCII. */
  static String quote(String value) {
    var quoted = new StringBuilder("\"");
    value.codePoints().forEach(c -> quoted.append(escape(c)));
    return quoted.append('"').toString();
  }

  private static String escape(int c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case 0x07 -> "\\a";
      case '\b' -> "\\b";
      case '\f' -> "\\f";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      case 0x0b -> "\\v";
      default -> {
        if (isPrintable(c)) {
          yield Character.toString(c);
        }
        if (c < 0x80) {
          yield String.format("\\x%02x", c);
        }
        yield String.format(c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
      }
    };
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }

  /** As {@code time.Duration.String}: {@code 1m0s}, {@code 1.5s}, {@code 300ms}, {@code 0s}. */
  static String duration(Duration value) {
    long nanos = value.toNanos();
    if (nanos == 0) {
      return "0s";
    }
    String sign = nanos < 0 ? "-" : "";
    long rest = Math.abs(nanos);
    if (rest < NANOS_PER_SECOND) {
      return sign + small(rest);
    }
    long hours = rest / (3600 * NANOS_PER_SECOND);
    long minutes = rest / (60 * NANOS_PER_SECOND) % 60;
    var text = new StringBuilder(sign);
    if (hours > 0) {
      text.append(hours).append('h');
    }
    if (hours > 0 || minutes > 0) {
      text.append(minutes).append('m');
    }
    return text.append(decimal(rest % (60 * NANOS_PER_SECOND), NANOS_PER_SECOND))
        .append('s')
        .toString();
  }

  private static String small(long nanos) {
    if (nanos < NANOS_PER_MICRO) {
      return nanos + "ns";
    }
    return nanos < NANOS_PER_MILLI
        ? decimal(nanos, NANOS_PER_MICRO) + "µs"
        : decimal(nanos, NANOS_PER_MILLI) + "ms";
  }

  private static String decimal(long value, long unit) {
    String whole = Long.toString(value / unit);
    long fraction = value % unit;
    if (fraction == 0) {
      return whole;
    }
    String digits = Long.toString(unit + fraction).substring(1);
    return whole + "." + digits.replaceAll("0+$", "");
  }
}
