package io.slipway.engine.container;

import io.slipway.engine.http.Query;
import io.slipway.image.error.SlipwayException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which lines of a log are wanted.
 *
 * @param tail empty for all lines
 */
record LogQuery(
    boolean stdout,
    boolean stderr,
    boolean follow,
    boolean timestamps,
    boolean details,
    OptionalInt tail,
    Optional<Instant> since,
    Optional<Instant> until) {
  private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000L);

  static LogQuery parse(Query query) {
    LogQuery parsed =
        new LogQuery(
            query.flag("stdout"),
            query.flag("stderr"),
            query.flag("follow"),
            query.flag("timestamps"),
            query.flag("details"),
            tail(query.text("tail")),
            time("since", query.text("since")),
            time("until", query.text("until")));
    if (!parsed.stdout && !parsed.stderr) {
      throw SlipwayException.invalid("Bad parameters: you must choose at least one stream");
    }
    return parsed;
  }

  boolean wants(LogLine line) {
    boolean stream = line.stream() == OutputStreamKind.STDOUT ? stdout : stderr;
    return stream
        && since.map(from -> !line.instant().isBefore(from)).orElse(true)
        && until.map(to -> !line.instant().isAfter(to)).orElse(true);
  }

  /** A line as the client wants it: with its time and its details before it. */
  byte[] text(LogLine line) {
    if (!timestamps && !details) {
      return line.text();
    }
    String before =
        (timestamps ? line.fixedTime() + " " : "") + (details ? line.pairs() + " " : "");
    byte[] start = before.getBytes(StandardCharsets.UTF_8);
    byte[] all = Arrays.copyOf(start, start.length + line.text().length);
    System.arraycopy(line.text(), 0, all, start.length, line.text().length);
    return all;
  }

  /** Anything that is no number means all, as in Docker. */
  private static OptionalInt tail(String text) {
    return text.matches("\\d{1,9}") ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
  }

  /** Seconds since 1970 with an optional fraction, or RFC 3339; 0 and empty mean not set. */
  static Optional<Instant> time(String name, String text) {
    if (text.isEmpty() || text.equals("0")) {
      return Optional.empty();
    }
    try {
      if (text.matches("\\d{1,18}(\\.\\d{1,9})?")) {
        BigDecimal[] parts = new BigDecimal(text).multiply(NANOS).divideAndRemainder(NANOS);
        return Optional.of(Instant.ofEpochSecond(parts[0].longValueExact(), parts[1].longValue()));
      }
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      throw SlipwayException.invalid("invalid value for \"" + name + "\": " + text);
    }
  }
}
