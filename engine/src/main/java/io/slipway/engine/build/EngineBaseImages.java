package io.slipway.engine.build;

import io.slipway.builder.frontend.BaseImage;
import io.slipway.builder.frontend.BaseImages;
import io.slipway.builder.frontend.NamedContext;
import io.slipway.engine.image.ImageTransfers;
import io.slipway.engine.image.LayoutImages;
import io.slipway.engine.image.StoredImages;
import io.slipway.image.catalog.ImageRecord;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ImageConfig;
import io.slipway.image.model.Platform;
import io.slipway.image.name.Reference;
import io.slipway.image.remote.CredentialSource;
import io.slipway.image.remote.TransferListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * What FROM names: an image of this engine, else of a registry; with {@code --pull} always asked.
 */
record EngineBaseImages(
    StoredImages images,
    ImageTransfers transfers,
    LayoutImages layouts,
    boolean pull,
    CredentialSource who)
    implements BaseImages {

  @Override
  public BaseImage resolve(Reference reference, Platform platform) {
    Reference wanted = reference.withDefaultTag();
    try {
      Optional<ImageRecord> known = images.find(wanted);
      if (known.isPresent()) {
        ImageConfig config = images.config(known.get().id());
        if (!config.platform().matches(platform)) {
          return new BaseImage(wanted, images.config(other(wanted, platform, config)));
        }
        if (!pull) {
          return new BaseImage(wanted, config);
        }
      }
      return new BaseImage(wanted, images.config(fetch(wanted, platform, known)));
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INTERNAL, "cannot read image " + wanted.familiar() + ": " + e.getMessage(), e);
    }
  }

  /** The tag's image is for another platform: this one is fetched beside it. */
  private Digest other(Reference wanted, Platform platform, ImageConfig there) throws IOException {
    try {
      return transfers.pullBeside(wanted, platform, who, TransferListener.SILENT);
    } catch (SlipwayException e) {
      throw new SlipwayException(
          e.kind(),
          "image "
              + wanted.familiar()
              + " is here for "
              + there.platform()
              + " only, and cannot be fetched for "
              + platform
              + ": "
              + e.getMessage(),
          e);
    }
  }

  @Override
  public BaseImage load(NamedContext.Layout layout, Platform platform) {
    try {
      ImageConfig config = layouts.read(layout.directory(), layout.selector(), platform);
      return new BaseImage(shown(layout.directory()), config);
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INTERNAL,
          "reading OCI layout " + layout.directory() + ": " + e.getMessage(),
          e);
    }
  }

  /** What steps call it: a folder's name need not be one that an image can have. */
  private static Reference shown(Path directory) {
    String name =
        directory
            .toString()
            .toLowerCase(Locale.ROOT)
            .replaceFirst(".*/", "")
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^-|-$", "");
    return Reference.parseWithDefaultTag("oci-layout/" + (name.isEmpty() ? "image" : name));
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
