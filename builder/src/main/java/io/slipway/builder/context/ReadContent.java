package io.slipway.builder.context;

import io.slipway.image.model.Digest;
import java.util.Objects;
import java.util.Optional;

/**
 * What a step reads of a tree.
 *
 * @param digest stands for all of it in a cache key
 * @param listing of what the digest was made, entry by entry, to tell later what has changed; empty
 *     for more entries than are worth keeping
 */
public record ReadContent(Digest digest, Optional<ContentListing> listing) {

  public ReadContent {
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(listing, "listing");
  }
}
