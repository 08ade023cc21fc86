package io.slipway.engine.http;

import io.slipway.image.error.SlipwayException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A point in time as Docker's clients write it: seconds since 1970, RFC 3339 whole or in part, or a
 * Go duration such as {@code 24h} or {@code 1h30m} before now.
 */
public final class TimeText {
  private static final Pattern SECONDS = Pattern.compile("(\\d{1,12})(?:\\.(\\d{1,9}))?");
  private static final Pattern DURATION_PART =
      Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ns|us|µs|ms|s|m|h)");
  private static final double NANOS_PER_SECOND = 1e9;

  private TimeText() {}

  /**
   * @throws SlipwayException {@code INVALID} in the words of Go's time package
   */
  public static Instant parse(String text, Instant now) {
    Matcher seconds = SECONDS.matcher(text);
    if (seconds.matches()) {
      String fraction = seconds.group(2) == null ? "" : seconds.group(2);
      long nanos = Long.parseLong((fraction + "000000000").substring(0, 9));
      return Instant.ofEpochSecond(Long.parseLong(seconds.group(1)), nanos);
    }
    Optional<Duration> ago = duration(text);
    return ago.isPresent() ? now.minus(ago.get()) : date(text);
  }

  private static Optional<Duration> duration(String text) {
    Matcher part = DURATION_PART.matcher(text);
    double nanos = 0;
    int end = 0;
    while (part.find() && part.start() == end) {
      nanos += Double.parseDouble(part.group(1)) * unit(part.group(2));
      end = part.end();
    }
    return end == text.length() && end > 0
        ? Optional.of(Duration.ofNanos((long) nanos))
        : Optional.empty();
  }

  private static double unit(String name) {
    return switch (name) {
      case "ns" -> 1;
      case "us", "µs" -> 1e3;
      case "ms" -> 1e6;
      case "s" -> NANOS_PER_SECOND;
      case "m" -> 60 * NANOS_PER_SECOND;
      default -> 3600 * NANOS_PER_SECOND;
    };
  }

  private static Instant date(String text) {
    try {
      if (text.length() <= "2006-01-02".length()) {
        return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
      }
      boolean zoned = text.endsWith("Z") || text.matches(".*[+-]\\d\\d:\\d\\d");
      return zoned
          ? OffsetDateTime.parse(text).toInstant()
          : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    } catch (DateTimeParseException e) {
      throw SlipwayException.invalid(
          "parsing time \"" + text + "\" as \"2006-01-02T15:04\": cannot parse \"" + text + "\"");
    }
  }
}
