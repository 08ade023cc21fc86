package io.slipway.image.archive;

import io.slipway.image.catalog.LayerIndex;
import io.slipway.image.codec.Decompression;
import io.slipway.image.content.BlobStore;
import io.slipway.image.content.Lease;
import io.slipway.image.model.ContainerConfig;
import io.slipway.image.model.Digest;
import io.slipway.image.model.History;
import io.slipway.image.model.ImageConfig;
import io.slipway.image.model.Platform;
import io.slipway.image.model.RootFs;
import io.slipway.image.remote.PullSink;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Makes an image of one layer from the tar of a root file system ({@code docker import}). */
public final class RootfsImporter {
  private final BlobStore blobs;
  private final LayerIndex index;
  private final PullSink sink;

  /**
   * What the image is besides its files.
   *
   * @param message the comment of its only history line
   */
  public record Settings(
      Platform platform, ContainerConfig config, String message, Instant created) {
    public Settings {
      Objects.requireNonNull(platform, "platform");
      Objects.requireNonNull(config, "config");
      Objects.requireNonNull(message, "message");
      Objects.requireNonNull(created, "created");
    }
  }

  /**
   * @param sink where the layer is unpacked
   */
  public RootfsImporter(BlobStore blobs, LayerIndex index, PullSink sink) {
    this.blobs = blobs;
    this.index = index;
    this.sink = sink;
  }

  /**
   * Reads the tar, compressed or not, and stores layer and config; the stream is not closed.
   *
   * @return the config of the new image, which is not in the catalog yet
   * @throws io.slipway.image.error.SlipwayException {@code INVALID} if it is not a tar
   */
  public ImageConfig importTar(InputStream tar, Settings settings, Lease lease) throws IOException {
    Digest layer = StreamIngest.store(Decompression.open(tar), blobs, lease).digest();
    RootFs rootFs = new RootFs(List.of(layer));
    // Kept uncompressed: then one pass gives the DiffID, and a push compresses it.
    new LayerIntake(blobs, index, sink, lease).take(rootFs, List.of(layer), "to import");
    ImageConfig config = config(settings, rootFs);
    StreamIngest.store(config.bytes().stream(), blobs, lease);
    return config;
  }

  private static ImageConfig config(Settings settings, RootFs rootFs) {
    Optional<Instant> created = Optional.of(settings.created());
    History line = new History(created, "", "", settings.message(), false);
    return new ImageConfig.Builder(settings.platform())
        .created(created)
        .config(settings.config())
        .rootFs(rootFs)
        .history(List.of(line))
        .build();
  }
}
