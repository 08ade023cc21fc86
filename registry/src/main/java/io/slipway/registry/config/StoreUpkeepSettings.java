package io.slipway.registry.config;

import java.util.List;
import java.util.Objects;

/** What a registry does with its data by itself, and what it lets clients do with it. */
public record StoreUpkeepSettings(
    @Setting("garbage collection") GcSettings gc,
    @Setting("scrub") ScrubSettings scrub,
    @Setting("rules that remove tags, such as `team/* tags=^dev- keep=10 pulled=30d`")
        List<String> retention,
    @Setting("tags that are set once and stay, such as `team/* ^v[0-9]`")
        List<String> immutableTags,
    @Setting("what namespaces may hold, such as `team bytes=10g tags=1000 repositories=20`")
        List<String> quotas) {
  public StoreUpkeepSettings {
    Objects.requireNonNull(gc, "gc");
    Objects.requireNonNull(scrub, "scrub");
    retention = List.copyOf(retention);
    immutableTags = List.copyOf(immutableTags);
    quotas = List.copyOf(quotas);
  }
}
