package io.slipway.builder.export;

import io.slipway.image.content.Lease;
import io.slipway.image.model.ImageIndex;
import io.slipway.image.name.Reference;
import io.slipway.image.remote.TransferListener;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Where built images are pushed to, on behalf of the caller of one build. */
@FunctionalInterface
public interface Registries {

  /**
   * Pushes packed images under a name.
   *
   * @param images one, or with {@code index} one for each platform
   * @param index what the tag is to name instead of the image
   * @param listener hears how far it has come
   */
  void push(
      Reference name,
      List<PackedImage> images,
      Optional<ImageIndex> index,
      Lease lease,
      TransferListener listener)
      throws IOException;
}
