package io.slipway.registry.store;

import io.slipway.image.model.Digest;
import java.time.Instant;
import java.util.Objects;

/**
 * A tag and its history.
 *
 * @param pushed when it was last set
 * @param pulled when its manifest was last pulled from the repository, by whatever name; the epoch
 *     if never
 */
public record TagRecord(String name, Digest manifest, Instant pushed, Instant pulled) {
  public TagRecord {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(manifest, "manifest");
    Objects.requireNonNull(pushed, "pushed");
    Objects.requireNonNull(pulled, "pulled");
  }
}
