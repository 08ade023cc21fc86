package io.slipway.registry.config;

import java.util.List;
import java.util.Objects;

/**
 * What a registry does with its data by itself, and what it lets clients do with it.
 *
 * @param retention which tags are removed before garbage is collected
 * @param immutableTags tags that clients may set once, and neither move nor delete
 */
public record UpkeepSettings(
    @Setting("garbage collection") GcSettings gc,
    @Setting("scrub") ScrubSettings scrub,
    @Setting("rules that remove tags, such as `team/* tags=^dev- keep=10 pulled=30d`")
        List<RetentionRule> retention,
    @Setting("tags that are set once and stay, such as `team/* ^v[0-9]`")
        List<TagPattern> immutableTags,
    @Setting("what namespaces may hold, such as `team bytes=10g tags=1000 repositories=20`")
        List<Quota> quotas) {
  public UpkeepSettings {
    Objects.requireNonNull(gc, "gc");
    Objects.requireNonNull(scrub, "scrub");
    retention = List.copyOf(retention);
    immutableTags = List.copyOf(immutableTags);
    quotas = List.copyOf(quotas);
  }

  public static UpkeepSettings defaults() {
    return SettingsReader.defaults(UpkeepSettings.class);
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
