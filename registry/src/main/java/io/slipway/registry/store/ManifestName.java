package io.slipway.registry.store;

import io.slipway.image.model.Digest;
import java.util.Objects;

/** A manifest of a repository. */
public record ManifestName(RepositoryName repository, Digest digest) {
  public ManifestName {
    Objects.requireNonNull(repository, "repository");
    Objects.requireNonNull(digest, "digest");
  }
}
