package io.slipway.engine.container;

import java.math.BigDecimal;
import java.time.Duration;

/** A duration as Go prints it: {@code 1m30s}, {@code 1.5s}, {@code 100ms}. */
final class GoDuration {
  private static final long MICRO = 1_000;
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000_000_000;

  private GoDuration() {}

  static String of(Duration duration) {
    long nanos = duration.toNanos();
    if (nanos == 0) {
      return "0s";
    }
    if (nanos < SECOND) {
      return nanos < MICRO
          ? nanos + "ns"
          : nanos < MILLI ? part(nanos, MICRO) + "\u00b5s" : part(nanos, MILLI) + "ms";
    }
    long hours = duration.toHours();
    String seconds = part(nanos % (60 * SECOND), SECOND) + "s";
    String minutes = duration.toMinutes() > 0 ? duration.toMinutesPart() + "m" : "";
    return (hours > 0 ? hours + "h" : "") + minutes + seconds;
  }

  private static String part(long nanos, long unit) {
    return BigDecimal.valueOf(nanos)
        .divide(BigDecimal.valueOf(unit))
        .stripTrailingZeros()
        .toPlainString();
  }
}
