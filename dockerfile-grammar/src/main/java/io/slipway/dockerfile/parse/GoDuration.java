package io.slipway.dockerfile.parse;

import io.slipway.dockerfile.word.Quoted;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go writes them: {@code 5m}, {@code 1h2m3.5s}, {@code 100ms}. */
final class GoDuration {

  private static final Pattern PART = Pattern.compile("(\\d*)(\\.(\\d*))?([^\\d.]*)");

  private static final Map<String, Long> NANOSECONDS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "\u00b5s", 1_000L,
          "\u03bcs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);

  private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);

  private GoDuration() {}

  /**
   * @throws FlagValueException in Go's words
   */
  static Duration parse(String text) {
    boolean negative = text.startsWith("-");
    int position = negative || text.startsWith("+") ? 1 : 0;
    if (text.substring(position).equals("0")) {
      return Duration.ZERO;
    }
    if (position == text.length() || text.length() > 100) {
      throw invalid(text);
    }
    BigDecimal sum = BigDecimal.ZERO;
    Matcher part = PART.matcher(text);
    while (position < text.length()) {
      part.region(position, text.length());
      if (!part.lookingAt() || (part.group(1).isEmpty() && isBlank(part.group(3)))) {
        throw invalid(text);
      }
      sum = sum.add(value(part, text));
      position = part.end();
    }
    if (sum.compareTo(MAX) > 0) {
      throw invalid(text);
    }
    return Duration.ofNanos(negative ? -sum.longValue() : sum.longValue());
  }

  private static boolean isBlank(String digits) {
    return digits == null || digits.isEmpty();
  }

  private static BigDecimal value(Matcher part, String text) {
    String unit = part.group(4);
    if (unit.isEmpty()) {
      throw new FlagValueException("time: missing unit in duration " + Quoted.of(text));
    }
    Long nanoseconds = NANOSECONDS.get(unit);
    if (nanoseconds == null) {
      throw new FlagValueException(
          "time: unknown unit " + Quoted.of(unit) + " in duration " + Quoted.of(text));
    }
    String fraction = part.group(3) == null ? "" : part.group(3);
    return new BigDecimal("0" + part.group(1) + "." + fraction + "0")
        .multiply(BigDecimal.valueOf(nanoseconds));
  }

  private static FlagValueException invalid(String text) {
    return new FlagValueException("time: invalid duration " + Quoted.of(text));
  }
}
