package io.slipway.builder.solver;

import io.slipway.builder.cache.CacheKey;
import io.slipway.builder.graph.Identity;
import java.util.List;
import java.util.Objects;

/**
 * The key of a vertex.
 *
 * @param otherNames keys that mean the same once the result has been made under {@code key}
 * @param parts of what it was made, to explain a later miss
 */
record FoundKey(CacheKey key, List<CacheKey> otherNames, List<Identity.Part> parts) {

  FoundKey {
    Objects.requireNonNull(key, "key");
    otherNames = List.copyOf(otherNames);
    parts = List.copyOf(parts);
  }
}
