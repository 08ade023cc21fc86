package io.slipway.builder.cache;

import io.slipway.builder.graph.Identity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * How a result came to be.
 *
 * @param slot which step of which Dockerfile made it; empty for none
 * @param name the step for people
 * @param parts of what the key was made: the operation's identity, then each input
 * @param took how long it was to make
 */
public record CacheRecord(
    CacheKey key,
    String slot,
    String name,
    List<Identity.Part> parts,
    Instant created,
    Duration took) {

  public CacheRecord {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(slot, "slot");
    Objects.requireNonNull(name, "name");
    parts = List.copyOf(parts);
    Objects.requireNonNull(created, "created");
    Objects.requireNonNull(took, "took");
  }
}
