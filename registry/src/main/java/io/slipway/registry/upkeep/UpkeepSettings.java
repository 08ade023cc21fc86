package io.slipway.registry.upkeep;

import java.util.Objects;

/** What a registry does with its data by itself. */
public record UpkeepSettings(GcSettings gc, ScrubSettings scrub) {
  public UpkeepSettings {
    Objects.requireNonNull(gc, "gc");
    Objects.requireNonNull(scrub, "scrub");
  }

  public static UpkeepSettings defaults() {
    return new UpkeepSettings(GcSettings.defaults(), ScrubSettings.defaults());
  }

  public UpkeepSettings withGc(GcSettings gc) {
    return new UpkeepSettings(gc, scrub);
  }

  public UpkeepSettings withScrub(ScrubSettings scrub) {
    return new UpkeepSettings(gc, scrub);
  }
}
