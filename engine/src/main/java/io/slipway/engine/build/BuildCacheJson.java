package io.slipway.engine.build;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.slipway.builder.prune.CachedItem;
import java.time.Instant;
import java.util.List;

/** An item of the build cache as {@code system df} lists it. */
public record BuildCacheJson(
    @JsonProperty("ID") String id,
    @JsonProperty("Parents") List<String> parents,
    @JsonProperty("Type") String type,
    @JsonProperty("Description") String description,
    @JsonProperty("InUse") boolean inUse,
    @JsonProperty("Shared") boolean shared,
    @JsonProperty("Size") long size,
    @JsonProperty("CreatedAt") Instant createdAt,
    @JsonProperty("LastUsedAt") Instant lastUsedAt,
    @JsonProperty("UsageCount") int usageCount) {

  /** All of them, in the same order. */
  public static List<BuildCacheJson> of(List<CachedItem> items) {
    return items.stream().map(BuildCacheJson::of).toList();
  }

  private static BuildCacheJson of(CachedItem item) {
    return new BuildCacheJson(
        item.id(),
        item.parent().stream().toList(),
        item.type().word(),
        item.description(),
        item.inUse(),
        item.shared(),
        item.bytes(),
        item.created(),
        item.lastUsed(),
        item.uses());
  }
}
