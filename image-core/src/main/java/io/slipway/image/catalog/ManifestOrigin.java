package io.slipway.image.catalog;

import io.slipway.image.model.Descriptor;
import io.slipway.image.name.Reference;
import io.slipway.image.name.Repository;
import java.util.Objects;
import java.util.Optional;

/**
 * A manifest of an image and the repository it was pulled from or pushed to. The manifest's bytes
 * are in the blob store.
 *
 * @param manifest the image manifest
 * @param index the index it was chosen from, when the tag named one; then the repo digest is its
 *     digest, as with Docker
 */
public record ManifestOrigin(
    Repository repository, Descriptor manifest, Optional<Descriptor> index) {
  public ManifestOrigin {
    Objects.requireNonNull(repository, "repository");
    Objects.requireNonNull(manifest, "manifest");
    Objects.requireNonNull(index, "index");
  }

  /** The repo digest: {@code repository@digest}. */
  public Reference reference() {
    return new Reference(
        repository, Optional.empty(), Optional.of(index.orElse(manifest).digest()));
  }
}
