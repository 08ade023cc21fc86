package io.slipway.builder.op;

import java.time.Instant;
import java.util.Objects;

/**
 * A cache mount's directory.
 *
 * @param name of the directory
 * @param suffix what tells copies of a private one apart; empty for the first
 * @param id as the Dockerfile has it
 */
public record CacheMountInfo(
    String name,
    String suffix,
    String id,
    long bytes,
    Instant created,
    Instant used,
    boolean inUse) {

  public CacheMountInfo {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(suffix, "suffix");
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(created, "created");
    Objects.requireNonNull(used, "used");
  }
}
