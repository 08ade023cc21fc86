package io.slipway.runtime.rootfs;

import io.slipway.image.catalog.LayerBlob;
import io.slipway.image.catalog.LayerIndex;
import io.slipway.image.codec.Decompression;
import io.slipway.image.codec.VerifiedInputStream;
import io.slipway.image.content.Blob;
import io.slipway.image.content.BlobStore;
import io.slipway.image.content.Layer;
import io.slipway.image.content.Lease;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.RootFs;
import io.slipway.runtime.snapshot.Snapshot;
import io.slipway.runtime.snapshot.Snapshotter;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Unpacks images from the blobs that the layer index knows for their DiffIDs. */
public final class BlobRootfsUnpacker implements RootfsUnpacker {
  private final Snapshotter snapshotter;
  private final LayerUnpacker unpacker;
  private final BlobStore blobs;
  private final LayerIndex index;

  public BlobRootfsUnpacker(
      Snapshotter snapshotter, LayerUnpacker unpacker, BlobStore blobs, LayerIndex index) {
    this.snapshotter = snapshotter;
    this.unpacker = unpacker;
    this.blobs = blobs;
    this.index = index;
  }

  @Override
  public Optional<Snapshot.Committed> unpack(RootFs rootFs, Lease lease) throws IOException {
    Optional<Snapshot.Committed> top = Optional.empty();
    for (Layer layer : Layer.of(rootFs)) {
      lease.pin(layer.chainId());
      Optional<Snapshot.Committed> there = snapshotter.find(layer.chainId());
      top =
          there.isPresent() ? there : Optional.of(unpacker.unpack(layer, () -> open(layer, lease)));
    }
    return top;
  }

  private VerifiedInputStream open(Layer layer, Lease lease) throws IOException {
    return new VerifiedInputStream(
        openTar(blobs, index, layer, lease)
            .orElseThrow(() ->
                SlipwayException.notFound(
                    "layer " + layer.diffId() + " is not here: no blob holds it any more")),
        "layer " + layer.diffId(),
        layer.diffId());
  }

  /** The uncompressed bytes of the first blob of the layer that is still in the store. */
  static Optional<InputStream> openTar(BlobStore blobs, LayerIndex index, Layer layer, Lease lease)
      throws IOException {
    for (LayerBlob known : index.find(layer.diffId())) {
      lease.pin(known.descriptor().digest());
      if (blobs.stat(known.descriptor().digest()).isPresent()) {
        return Optional.of(uncompressed(blobs.open(known.descriptor().digest())));
      }
    }
    return Optional.empty();
  }

  private static InputStream uncompressed(Blob blob) throws IOException {
    try {
      return new FilterInputStream(Decompression.open(blob.stream(0))) {
        @Override
        public void close() throws IOException {
          try (blob) {
            super.close();
          }
        }
      };
    } catch (IOException | RuntimeException e) {
      blob.close();
      throw e;
    }
  }
}
