package io.slipway.registry.upkeep;

import io.slipway.image.error.SlipwayException;
import java.time.Duration;
import java.util.Objects;

/**
 * How garbage is collected.
 *
 * @param interval between automatic runs; zero: only on request
 * @param grace what was pushed, pulled or asked for within this time is kept, needed or not; longer
 *     than a client may take from its first question about a blob to the push of the manifest
 * @param untagged whether manifests that neither a tag, an index nor a subject needs are collected
 * @param removalsPerSecond the most files that are deleted in a second; zero: as fast as it goes
 */
public record GcSettings(
    Duration interval, Duration grace, boolean untagged, int removalsPerSecond) {
  public GcSettings {
    Objects.requireNonNull(interval, "interval");
    Objects.requireNonNull(grace, "grace");
    if (interval.isNegative() || grace.isNegative() || removalsPerSecond < 0) {
      throw SlipwayException.invalid("settings of garbage collection must not be negative");
    }
  }

  /** Every hour; a day's grace; untagged manifests too; 500 files a second. */
  public static GcSettings defaults() {
    return new GcSettings(Duration.ofHours(1), Duration.ofDays(1), true, 500);
  }
}
