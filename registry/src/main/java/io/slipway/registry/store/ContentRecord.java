package io.slipway.registry.store;

import io.slipway.image.model.Digest;
import java.time.Instant;
import java.util.Objects;

/**
 * Content as the metadata knows it, whoever holds it.
 *
 * @param size in bytes
 * @param verified when the bytes were last known to be good
 * @param damaged whether the bytes were found damaged or missing since
 */
public record ContentRecord(
    Digest digest, long size, Instant lastUse, Instant verified, boolean damaged) {
  public ContentRecord {
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(lastUse, "lastUse");
    Objects.requireNonNull(verified, "verified");
  }
}
