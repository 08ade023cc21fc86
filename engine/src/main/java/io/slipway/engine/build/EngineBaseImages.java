package io.slipway.engine.build;

import io.slipway.builder.frontend.BaseImage;
import io.slipway.builder.frontend.BaseImages;
import io.slipway.engine.image.ImageTransfers;
import io.slipway.engine.image.StoredImages;
import io.slipway.image.catalog.ImageRecord;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.image.model.Platform;
import io.slipway.image.name.Reference;
import io.slipway.image.remote.CredentialSource;
import io.slipway.image.remote.TransferListener;
import java.io.IOException;
import java.util.Optional;

/**
 * What FROM names: an image of this engine, else of a registry; with {@code --pull} always asked.
 */
record EngineBaseImages(
    StoredImages images, ImageTransfers transfers, boolean pull, CredentialSource who)
    implements BaseImages {

  @Override
  public BaseImage resolve(Reference reference, Platform platform) {
    Reference wanted = reference.withDefaultTag();
    try {
      Optional<ImageRecord> known = images.find(wanted);
      if (known.isPresent() && !pull) {
        return new BaseImage(wanted, images.config(known.get().id()));
      }
      return new BaseImage(wanted, images.config(fetch(wanted, platform, known)));
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INTERNAL, "cannot read image " + wanted.familiar() + ": " + e.getMessage(), e);
    }
  }

  /** An image that was only ever built or imported here has no registry to ask. */
  private Digest fetch(Reference wanted, Platform platform, Optional<ImageRecord> known)
      throws IOException {
    try {
      return transfers.pull(wanted, platform, who, TransferListener.SILENT);
    } catch (SlipwayException e) {
      if (known.isPresent() && known.get().repoDigests().isEmpty()) {
        return known.get().id();
      }
      throw e;
    }
  }
}
