package io.slipway.image.remote;

import io.slipway.image.catalog.ManifestOrigin;
import io.slipway.image.model.ImageManifest;
import java.util.Objects;

/** What a push left in the registry; the manifest's bytes are in the blob store too. */
public record PushedImage(ManifestOrigin origin, ImageManifest manifest) {
  public PushedImage {
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(manifest, "manifest");
  }
}
