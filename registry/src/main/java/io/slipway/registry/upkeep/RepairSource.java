package io.slipway.registry.upkeep;

import io.slipway.image.model.Digest;
import io.slipway.registry.store.RepositoryName;

/** Where content that was found damaged may be had from again. */
public interface RepairSource {

  /** Brings the content of {@code repository} into the store, verified; false when it cannot. */
  boolean fetch(RepositoryName repository, Digest digest);

  /** Has nothing. */
  static RepairSource none() {
    return (repository, digest) -> false;
  }
}
