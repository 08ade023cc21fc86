package io.slipway.builder.export;

import io.slipway.image.catalog.ImageCatalog;
import io.slipway.image.content.BlobStore;
import io.slipway.image.content.LayerBlobs;
import io.slipway.runtime.rootfs.LayerIdentities;
import io.slipway.runtime.snapshot.Snapshotter;
import java.util.Objects;

/** The parts of the daemon that exporting works with. */
public record ExportTools(
    Snapshotter snapshotter,
    LayerIdentities identities,
    BlobStore blobs,
    LayerBlobs layers,
    ImageCatalog catalog) {

  public ExportTools {
    Objects.requireNonNull(snapshotter, "snapshotter");
    Objects.requireNonNull(identities, "identities");
    Objects.requireNonNull(blobs, "blobs");
    Objects.requireNonNull(layers, "layers");
    Objects.requireNonNull(catalog, "catalog");
  }
}
