package io.slipway.builder.frontend;

import io.slipway.image.model.Platform;
import io.slipway.image.name.Reference;

/**
 * Finds the images that FROM, COPY --from and mounts name. Made for one build; safe for threads.
 */
public interface BaseImages {

  /**
   * The image of that name and platform, fetched if it is not here.
   *
   * @throws io.slipway.image.error.SlipwayException NOT_FOUND, UNAUTHORIZED or UNAVAILABLE with a
   *     sentence that names the image
   */
  BaseImage resolve(Reference reference, Platform platform);

  /**
   * The image of an OCI layout on this machine, for that platform.
   *
   * @throws io.slipway.image.error.SlipwayException NOT_FOUND or INVALID, naming the layout
   */
  BaseImage load(NamedContext.Layout layout, Platform platform);
}
