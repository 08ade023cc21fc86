package io.slipway.registry.config;

import io.slipway.image.error.SlipwayException;
import java.time.Duration;
import java.util.Objects;

/** How stored bytes are watched. */
public record ScrubSettings(
    @Setting(
            value = "bytes that the background scrub reads in a second; 0: it does not run",
            preset = "8MiB")
        long bytesPerSecond,
    @Setting(value = "each content is read again after this time", preset = "30d") Duration every,
    @Setting(
            value = "a large blob not verified for so long is verified while it is sent",
            preset = "60d")
        Duration trust) {
  public ScrubSettings {
    Objects.requireNonNull(every, "every");
    Objects.requireNonNull(trust, "trust");
    if (bytesPerSecond < 0 || every.isNegative() || trust.isNegative()) {
      throw SlipwayException.invalid("settings of the scrub must not be negative");
    }
  }

  public static ScrubSettings defaults() {
    return SettingsReader.defaults(ScrubSettings.class);
  }
}
