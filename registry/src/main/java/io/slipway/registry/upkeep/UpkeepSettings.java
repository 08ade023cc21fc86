package io.slipway.registry.upkeep;

import io.slipway.registry.config.GcSettings;
import io.slipway.registry.config.ScrubSettings;
import io.slipway.registry.config.StoreUpkeepSettings;
import io.slipway.registry.store.Quota;
import io.slipway.registry.store.TagPattern;
import java.util.List;
import java.util.Objects;

/**
 * What a registry does with its data by itself, and what it lets clients do with it.
 *
 * @param retention which tags are removed before garbage is collected
 * @param immutableTags tags that clients may set once, and neither move nor delete
 */
public record UpkeepSettings(
    GcSettings gc,
    ScrubSettings scrub,
    List<RetentionRule> retention,
    List<TagPattern> immutableTags,
    List<Quota> quotas) {
  public UpkeepSettings {
    Objects.requireNonNull(gc, "gc");
    Objects.requireNonNull(scrub, "scrub");
    retention = List.copyOf(retention);
    immutableTags = List.copyOf(immutableTags);
    quotas = List.copyOf(quotas);
  }

  /**
   * As they are written.
   *
   * @throws io.slipway.image.error.SlipwayException INVALID naming the rule that is malformed
   */
  public static UpkeepSettings of(StoreUpkeepSettings written) {
    return new UpkeepSettings(
        written.gc(),
        written.scrub(),
        written.retention().stream().map(RetentionRule::parse).toList(),
        written.immutableTags().stream().map(TagPattern::parse).toList(),
        written.quotas().stream().map(Quota::parse).toList());
  }

  public static UpkeepSettings defaults() {
    return new UpkeepSettings(
        GcSettings.defaults(), ScrubSettings.defaults(), List.of(), List.of(), List.of());
  }

  public UpkeepSettings withGc(GcSettings gc) {
    return new UpkeepSettings(gc, scrub, retention, immutableTags, quotas);
  }

  public UpkeepSettings withScrub(ScrubSettings scrub) {
    return new UpkeepSettings(gc, scrub, retention, immutableTags, quotas);
  }

  public UpkeepSettings withRetention(List<RetentionRule> retention) {
    return new UpkeepSettings(gc, scrub, retention, immutableTags, quotas);
  }

  public UpkeepSettings withImmutableTags(List<TagPattern> immutableTags) {
    return new UpkeepSettings(gc, scrub, retention, immutableTags, quotas);
  }

  public UpkeepSettings withQuotas(List<Quota> quotas) {
    return new UpkeepSettings(gc, scrub, retention, immutableTags, quotas);
  }
}
