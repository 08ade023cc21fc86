package io.slipway.image.archive;

import io.slipway.image.model.ImageConfig;
import io.slipway.image.model.ImageManifest;
import io.slipway.image.name.Reference;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An image that was read from an archive: its config and layers are in the blob store, not yet in a
 * catalog.
 *
 * @param references the names it has in the archive, in order
 * @param manifest its manifest, when the archive is an OCI layout
 */
public record LoadedImage(
    ImageConfig config, List<Reference> references, Optional<ImageManifest> manifest) {
  public LoadedImage {
    Objects.requireNonNull(config, "config");
    references = List.copyOf(references);
    Objects.requireNonNull(manifest, "manifest");
  }
}
