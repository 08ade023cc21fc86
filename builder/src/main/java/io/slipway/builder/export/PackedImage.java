package io.slipway.builder.export;

import io.slipway.image.model.ImageConfig;
import io.slipway.image.model.ImageManifest;
import java.util.Objects;

/** An image of one platform, all of whose parts are in the blob store. */
public record PackedImage(ImageConfig config, ImageManifest manifest) {
  public PackedImage {
    Objects.requireNonNull(config, "config");
    Objects.requireNonNull(manifest, "manifest");
  }
}
