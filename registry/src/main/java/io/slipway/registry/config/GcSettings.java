package io.slipway.registry.config;

import io.slipway.image.error.SlipwayException;
import java.time.Duration;
import java.util.Objects;

/** How garbage is collected. */
public record GcSettings(
    @Setting(
            value =
                "time between automatic collections, beside those that a full disk starts; `0`:"
                    + " only on request, on a full disk too",
            preset = "1h")
        Duration interval,
    @Setting(
            value =
                "what was pushed, pulled or asked for within this time is kept, needed or not;"
                    + " longer than a client may take from its first question about a blob to the"
                    + " push of the manifest; on a full disk, blobs that no manifest needs are kept"
                    + " for 5 minutes at most",
            preset = "24h")
        Duration grace,
    @Setting(
            value =
                "whether manifests that neither a tag, an index nor a subject needs are collected",
            preset = "true")
        boolean untagged,
    @Setting(
            value = "the most files that are deleted in a second; 0: as fast as it goes",
            preset = "500")
        int removalsPerSecond) {
  public GcSettings {
    Objects.requireNonNull(interval, "interval");
    Objects.requireNonNull(grace, "grace");
    if (interval.isNegative() || grace.isNegative() || removalsPerSecond < 0) {
      throw SlipwayException.invalid("settings of garbage collection must not be negative");
    }
  }

  public static GcSettings defaults() {
    return SettingsReader.defaults(GcSettings.class);
  }
}
