package io.slipway.image.content;

import io.slipway.image.model.Digest;
import java.time.Instant;
import java.util.Objects;

/** A stored blob. {@code committed} is when it was last published, or touched by a new push. */
public record BlobInfo(Digest digest, long size, Instant committed) {
  public BlobInfo {
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(committed, "committed");
  }
}
