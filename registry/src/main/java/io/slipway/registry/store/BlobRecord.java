package io.slipway.registry.store;

import io.slipway.image.model.Digest;
import java.util.Objects;

/** A blob as the metadata knows it; {@code size} is in bytes. */
public record BlobRecord(Digest digest, long size) {
  public BlobRecord {
    Objects.requireNonNull(digest, "digest");
    if (size < 0) {
      throw new IllegalArgumentException("negative size of " + digest);
    }
  }
}
