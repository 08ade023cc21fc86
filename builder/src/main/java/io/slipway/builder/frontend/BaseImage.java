package io.slipway.builder.frontend;

import io.slipway.image.model.ImageConfig;
import io.slipway.image.name.Reference;
import java.util.Objects;

/** An image that a stage starts from or copies from. */
public record BaseImage(Reference reference, ImageConfig config) {

  public BaseImage {
    Objects.requireNonNull(reference, "reference");
    Objects.requireNonNull(config, "config");
  }
}
