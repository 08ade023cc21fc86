package io.slipway.registry.upkeep;

import java.util.Objects;

/** What a registry does with its data by itself. */
public record UpkeepSettings(GcSettings gc) {
  public UpkeepSettings {
    Objects.requireNonNull(gc, "gc");
  }

  public static UpkeepSettings defaults() {
    return new UpkeepSettings(GcSettings.defaults());
  }
}
