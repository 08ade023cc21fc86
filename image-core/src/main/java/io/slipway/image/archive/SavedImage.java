package io.slipway.image.archive;

import io.slipway.image.model.ImageConfig;
import io.slipway.image.name.Reference;
import java.util.List;
import java.util.Objects;

/**
 * An image to be written.
 *
 * @param references the tags it is written under; none if it was asked for by its id
 */
public record SavedImage(ImageConfig config, List<Reference> references) {
  public SavedImage {
    Objects.requireNonNull(config, "config");
    references = List.copyOf(references);
  }
}
