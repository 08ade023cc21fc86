package io.slipway.builder.solver;

import io.slipway.builder.cache.CacheKey;
import io.slipway.builder.graph.Vertex;
import java.util.List;
import java.util.Objects;

/**
 * A vertex of a solved graph with its key.
 *
 * @param names further keys that mean the same
 */
public record SolvedStep(Vertex vertex, CacheKey key, List<CacheKey> names) {

  public SolvedStep {
    Objects.requireNonNull(vertex, "vertex");
    Objects.requireNonNull(key, "key");
    names = List.copyOf(names);
  }
}
