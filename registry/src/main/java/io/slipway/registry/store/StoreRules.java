package io.slipway.registry.store;

import io.slipway.image.error.SlipwayException;
import io.slipway.registry.config.SparseManifests;
import io.slipway.registry.config.TagPattern;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What a registry accepts, and how far it trusts its disk.
 *
 * @param verifiedFor a large blob whose bytes were last known to be good longer ago than this is
 *     hashed while it is sent; zero: always. Small ones are hashed whenever they are read
 * @param immutableTags tags that clients may set once, and neither move nor delete
 */
public record StoreRules(
    SparseManifests sparse, Duration verifiedFor, List<TagPattern> immutableTags) {
  public StoreRules {
    Objects.requireNonNull(sparse, "sparse");
    Objects.requireNonNull(verifiedFor, "verifiedFor");
    immutableTags = List.copyOf(immutableTags);
    if (verifiedFor.isNegative()) {
      throw SlipwayException.invalid("the time that a blob is trusted must not be negative");
    }
  }

  boolean isImmutable(RepositoryName repository, String tag) {
    return immutableTags.stream().anyMatch(pattern -> pattern.matches(repository.value(), tag));
  }
}
