package io.slipway.cli.command;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;

/**
 * {@code --since} and {@code --until}: unix seconds, RFC 3339 whole or in part, or a duration such
 * as {@code 10m} before now; the API takes seconds.
 */
final class PointInTime {
  private static final Pattern DURATION =
      Pattern.compile("(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+(?:\\.\\d+)?)s)?");

  private PointInTime() {}

  /** The time in seconds with a fraction; empty for the empty text. */
  static String parse(String text) {
    if (text.isEmpty() || text.matches("\\d+(\\.\\d+)?")) {
      return text;
    }
    var duration = DURATION.matcher(text);
    Instant at =
        duration.matches()
            ? Instant.now()
                .minus(Duration.ofHours(number(duration.group(1))))
                .minus(Duration.ofMinutes(number(duration.group(2))))
                .minusNanos((long) (seconds(duration.group(3)) * 1e9))
            : date(text);
    return "%d.%09d".formatted(at.getEpochSecond(), at.getNano());
  }

  private static long number(String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }

  private static double seconds(String digits) {
    return digits == null ? 0 : Double.parseDouble(digits);
  }

  private static Instant date(String text) {
    try {
      if (text.length() <= "2006-01-02".length()) {
        return LocalDate.parse(text).atStartOfDay(ZoneId.systemDefault()).toInstant();
      }
      boolean zoned = text.endsWith("Z") || text.matches(".*[+-]\\d\\d:\\d\\d");
      return zoned
          ? OffsetDateTime.parse(text).toInstant()
          : LocalDateTime.parse(text).atZone(ZoneId.systemDefault()).toInstant();
    } catch (DateTimeParseException e) {
      throw new UsageException(
          "invalid time \"" + text + "\": use seconds, 2006-01-02T15:04:05Z or a duration: 10m");
    }
  }
}
