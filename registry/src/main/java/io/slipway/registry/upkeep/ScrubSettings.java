package io.slipway.registry.upkeep;

import io.slipway.image.error.SlipwayException;
import java.time.Duration;
import java.util.Objects;

/**
 * How stored bytes are watched.
 *
 * @param bytesPerSecond that the background scrub reads; zero: it does not run
 * @param every each content is read again after this time
 * @param trust a large blob not verified for so long is verified while it is sent
 */
public record ScrubSettings(long bytesPerSecond, Duration every, Duration trust) {
  public ScrubSettings {
    Objects.requireNonNull(every, "every");
    Objects.requireNonNull(trust, "trust");
    if (bytesPerSecond < 0 || every.isNegative() || trust.isNegative()) {
      throw SlipwayException.invalid("settings of the scrub must not be negative");
    }
  }

  /** 8 MiB a second; every 30 days; trust for 60. */
  public static ScrubSettings defaults() {
    return new ScrubSettings(8L << 20, Duration.ofDays(30), Duration.ofDays(60));
  }
}
