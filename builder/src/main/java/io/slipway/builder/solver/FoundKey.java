package io.slipway.builder.solver;

import io.slipway.builder.cache.CacheKey;
import io.slipway.builder.context.ContentListing;
import io.slipway.builder.graph.Identity;
import io.slipway.image.model.Digest;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The key of a vertex.
 *
 * @param otherNames keys that mean the same once the result has been made under {@code key}
 * @param parts of what it was made, to explain a later miss
 * @param listings of the contents among the parts
 */
record FoundKey(
    CacheKey key,
    List<CacheKey> otherNames,
    List<Identity.Part> parts,
    Map<Digest, ContentListing> listings) {

  FoundKey {
    Objects.requireNonNull(key, "key");
    otherNames = List.copyOf(otherNames);
    parts = List.copyOf(parts);
    listings = Map.copyOf(listings);
  }
}
