package io.slipway.registry.store;

import io.slipway.image.error.SlipwayException;
import java.time.Duration;
import java.util.Objects;

/**
 * What a registry accepts, and how far it trusts its disk.
 *
 * @param verifiedFor a large blob whose bytes were last known to be good longer ago than this is
 *     hashed while it is sent; zero: always. Small ones are hashed whenever they are read
 */
public record StoreRules(SparseManifests sparse, Duration verifiedFor) {
  public StoreRules {
    Objects.requireNonNull(sparse, "sparse");
    Objects.requireNonNull(verifiedFor, "verifiedFor");
    if (verifiedFor.isNegative()) {
      throw SlipwayException.invalid("the time that a blob is trusted must not be negative");
    }
  }
}
