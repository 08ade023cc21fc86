package io.slipway.engine.http;

import io.slipway.image.error.SlipwayException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times in filters as Docker's clients send them: unix seconds, RFC 3339, or how long ago. */
public final class TimeFilter {
  private static final Pattern SECONDS = Pattern.compile("(\\d{1,12})(?:\\.(\\d{1,9}))?");
  private static final Pattern AGO = Pattern.compile("(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+)s)?");

  private TimeFilter() {}

  /** The {@code until} filter: what is older than this is meant. */
  public static Optional<Instant> until(Filters filters, Instant now) {
    if (filters.values("until").size() > 1) {
      throw SlipwayException.invalid("more than one until filter specified");
    }
    return filters.values("until").stream().findFirst().map(text -> parse(text, now));
  }

  /** Reads one time. */
  public static Instant parse(String text, Instant now) {
    Matcher seconds = SECONDS.matcher(text);
    if (seconds.matches()) {
      String fraction = seconds.group(2) == null ? "" : seconds.group(2);
      long nanos = Long.parseLong((fraction + "000000000").substring(0, 9));
      return Instant.ofEpochSecond(Long.parseLong(seconds.group(1)), nanos);
    }
    Matcher ago = AGO.matcher(text);
    if (!text.isEmpty() && ago.matches()) {
      return now.minus(
          Duration.ofHours(number(ago.group(1)))
              .plusMinutes(number(ago.group(2)))
              .plusSeconds(number(ago.group(3))));
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw SlipwayException.invalid("invalid filter 'until=" + text + "'");
    }
  }

  private static long number(String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }
}
