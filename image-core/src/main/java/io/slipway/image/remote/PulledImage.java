package io.slipway.image.remote;

import io.slipway.image.catalog.ManifestOrigin;
import io.slipway.image.model.ImageConfig;
import io.slipway.image.model.ImageManifest;
import java.util.Objects;

/**
 * An image that is complete in the blob store, with its config and manifests; not yet in a catalog.
 *
 * @param origin what {@code ImageCatalog.add} wants; its reference is the digest docker prints
 * @param downloaded false when every layer was there already
 */
public record PulledImage(
    ManifestOrigin origin, ImageManifest manifest, ImageConfig config, boolean downloaded) {
  public PulledImage {
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(manifest, "manifest");
    Objects.requireNonNull(config, "config");
  }
}
