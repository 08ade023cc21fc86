package io.slipway.dockerfile.parse;

import io.slipway.dockerfile.ast.Instruction;
import java.time.Duration;
import java.util.Objects;

/** The flags of a HEALTHCHECK; zero means that the flag is absent or zero, which is the same. */
public record HealthcheckTiming(
    Duration interval,
    Duration timeout,
    Duration startPeriod,
    Duration startInterval,
    int retries) {

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
    throw new FlagValueException("not written yet: " + healthcheck);
  }
}
