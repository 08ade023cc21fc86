package io.slipway.engine.image;

import io.slipway.image.archive.ImageArchiveReader;
import io.slipway.image.archive.LoadedImage;
import io.slipway.image.content.Lease;
import io.slipway.image.content.Leases;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.ImageConfig;
import io.slipway.image.model.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** Images of OCI layouts that builds start from: read in, and known by their ids. */
public final class LayoutImages {
  private final StoredImages images;
  private final Leases leases;
  private final Function<Platform, ImageArchiveReader> readers;

  /**
   * @param readers by the platform that is taken of an image for several
   */
  public LayoutImages(
      StoredImages images, Leases leases, Function<Platform, ImageArchiveReader> readers) {
    this.images = images;
    this.leases = leases;
    this.readers = readers;
  }

  /**
   * Reads an image.
   *
   * @param selector {@code :tag}, {@code @digest}, or nothing if there is only one
   */
  public ImageConfig read(Path directory, String selector, Platform platform) throws IOException {
    if (!Files.isRegularFile(directory.resolve("index.json"))) {
      throw SlipwayException.notFound("no OCI layout at " + directory + ": it has no index.json");
    }
    try (Lease lease = leases.open()) {
      List<LoadedImage> found =
          readers.apply(platform).readDirectory(directory, lease).stream()
              .filter(image -> isMeant(image, selector, directory))
              .toList();
      if (found.size() != 1) {
        throw SlipwayException.invalid(
            (found.isEmpty() ? "no image " : "more than one image ")
                + (selector.isEmpty() ? "" : "\"" + selector + "\" ")
                + "in OCI layout "
                + directory
                + (selector.isEmpty() ? ": name one with :TAG or @DIGEST" : ""));
      }
      ImageConfig config = found.getFirst().config();
      images.catalog().add(config.id(), List.of());
      return config;
    }
  }

  private static boolean isMeant(LoadedImage image, String selector, Path directory) {
    if (selector.isEmpty()) {
      return true;
    }
    String name = selector.substring(1);
    if (selector.startsWith(":")) {
      return image.references().stream().anyMatch(r -> r.tag().filter(name::equals).isPresent());
    }
    boolean own =
        image.manifest().filter(m -> m.descriptor().digest().toString().equals(name)).isPresent();
    return own || listed(directory, name);
  }

  /** The digest of an index is not kept with the image that was chosen from it. */
  private static boolean listed(Path directory, String digest) {
    try {
      return Files.readString(directory.resolve("index.json")).contains("\"" + digest + "\"");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
