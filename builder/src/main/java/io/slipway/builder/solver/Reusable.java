package io.slipway.builder.solver;

import io.slipway.builder.cache.CacheKey;
import java.util.Objects;
import java.util.Set;

/**
 * A former result of a step that differs from the one to be made in what is copied, or in the tree
 * it is copied into, and in nothing else.
 *
 * @param key what it is kept under, if it still is
 * @param changed what is not the same any more in the source, as a listing of it says
 */
public record Reusable(CacheKey key, Set<String> changed) {

  public Reusable {
    Objects.requireNonNull(key, "key");
    changed = Set.copyOf(changed);
  }
}
