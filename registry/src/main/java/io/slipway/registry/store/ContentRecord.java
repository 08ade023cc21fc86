package io.slipway.registry.store;

import io.slipway.image.model.Digest;
import java.time.Instant;
import java.util.Objects;

/** Content as the metadata knows it, whoever holds it; {@code size} is in bytes. */
public record ContentRecord(Digest digest, long size, Instant lastUse, boolean damaged) {
  public ContentRecord {
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(lastUse, "lastUse");
  }
}
