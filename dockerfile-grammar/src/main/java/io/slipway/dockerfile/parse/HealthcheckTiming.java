package io.slipway.dockerfile.parse;

import io.slipway.dockerfile.ast.Header;
import io.slipway.dockerfile.ast.Instruction;
import io.slipway.dockerfile.word.Quoted;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;

/** The flags of a HEALTHCHECK; zero means that the flag is absent or zero, which is the same. */
public record HealthcheckTiming(
    Duration interval,
    Duration timeout,
    Duration startPeriod,
    Duration startInterval,
    int retries) {

  private static final Duration MINIMUM = Duration.ofMillis(1);

  private static final Pattern INTEGER = Pattern.compile("[+-]?\\d{1,18}");

  public HealthcheckTiming {
    Objects.requireNonNull(interval, "interval");
    Objects.requireNonNull(timeout, "timeout");
    Objects.requireNonNull(startPeriod, "startPeriod");
    Objects.requireNonNull(startInterval, "startInterval");
  }

  /**
   * Reads the flags of an instruction; one that parsed without error diagnostics has valid flags.
   *
   * @throws FlagValueException naming the value
   */
  public static HealthcheckTiming of(Instruction.Healthcheck healthcheck) {
    Header header = healthcheck.header();
    return new HealthcheckTiming(
        duration(header, "interval"),
        duration(header, "timeout"),
        duration(header, "start-period"),
        duration(header, "start-interval"),
        retries(header.flagValue("retries").orElse("")));
  }

  private static Duration duration(Header header, String flag) {
    String value = header.flagValue(flag).orElse("");
    if (value.isEmpty()) {
      return Duration.ZERO;
    }
    Duration duration = GoDuration.parse(value);
    if (!duration.isZero() && duration.compareTo(MINIMUM) < 0) {
      throw new FlagValueException("Interval " + Quoted.of(flag) + " cannot be less than 1ms");
    }
    return duration;
  }

  private static int retries(String value) {
    if (value.isEmpty()) {
      return 0;
    }
    if (!INTEGER.matcher(value).matches()) {
      throw badNumber(value, "invalid syntax");
    }
    long retries = Long.parseLong(value);
    if (retries != (int) retries) {
      throw badNumber(value, "value out of range");
    }
    if (retries < 0) {
      throw new FlagValueException("--retries cannot be negative (" + retries + ")");
    }
    return (int) retries;
  }

  private static FlagValueException badNumber(String value, String why) {
    return new FlagValueException("strconv.ParseInt: parsing " + Quoted.of(value) + ": " + why);
  }
}
