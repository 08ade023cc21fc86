package io.slipway.image.archive;

import io.slipway.image.catalog.LayerBlob;
import io.slipway.image.catalog.LayerIndex;
import io.slipway.image.codec.Decompression;
import io.slipway.image.codec.Format;
import io.slipway.image.codec.VerifiedInputStream;
import io.slipway.image.content.Blob;
import io.slipway.image.content.BlobInfo;
import io.slipway.image.content.BlobStore;
import io.slipway.image.content.Layer;
import io.slipway.image.content.Lease;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.MediaTypes;
import io.slipway.image.model.RootFs;
import io.slipway.image.remote.PullSink;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** Checks the layers of an image against their DiffIDs, unpacks them and makes them known. */
final class LayerIntake {
  private final BlobStore blobs;
  private final LayerIndex index;
  private final PullSink sink;
  private final Lease lease;

  LayerIntake(BlobStore blobs, LayerIndex index, PullSink sink, Lease lease) {
    this.blobs = blobs;
    this.index = index;
    this.sink = sink;
    this.lease = lease;
  }

  /**
   * Takes in all layers.
   *
   * @param stored the layers' blobs, base first
   */
  void take(RootFs rootFs, List<Digest> stored, String image) throws IOException {
    List<Layer> layers = Layer.of(rootFs);
    if (layers.size() != stored.size()) {
      throw SlipwayException.invalid(
          "archive's image %s has %d layers, but its config names %d"
              .formatted(image, stored.size(), layers.size()));
    }
    for (Layer layer : layers) {
      lease.pin(layer.chainId());
      take(layer, stored.get(layer.index()));
    }
  }

  private void take(Layer layer, Digest stored) throws IOException {
    Optional<LayerBlob> known =
        index.findBlob(stored).filter(blob -> blob.diffId().equals(layer.diffId()));
    if (known.isPresent() && sink.has(layer)) {
      return;
    }
    Descriptor descriptor = describe(stored);
    try (Blob blob = blobs.open(descriptor.digest());
        VerifiedInputStream tar =
            new VerifiedInputStream(
                Decompression.open(blob.stream(0)), "layer " + layer.diffId(), layer.diffId())) {
      if (sink.has(layer)) {
        tar.verify();
      } else {
        sink.unpack(layer, tar);
      }
      index.put(new LayerBlob(layer.diffId(), descriptor, tar.count(), List.of()));
    }
  }

  /** The blob as a layer; compressed in a way that images cannot have, it is stored anew. */
  private Descriptor describe(Digest stored) throws IOException {
    try (Blob blob = blobs.open(stored)) {
      Decompression opened = Decompression.of(blob.stream(0));
      try (InputStream content = opened.content()) {
        Optional<String> mediaType = mediaType(opened.format());
        return mediaType.isPresent()
            ? new Descriptor(mediaType.get(), stored, blob.size())
            : storePlain(content);
      }
    }
  }

  private Descriptor storePlain(InputStream content) throws IOException {
    BlobInfo blob = StreamIngest.store(content, blobs, lease);
    return new Descriptor(MediaTypes.OCI_LAYER, blob.digest(), blob.size());
  }

  private static Optional<String> mediaType(Format format) {
    return switch (format) {
      case PLAIN -> Optional.of(MediaTypes.OCI_LAYER);
      case GZIP -> Optional.of(MediaTypes.OCI_LAYER_GZIP);
      case ZSTD -> Optional.of(MediaTypes.OCI_LAYER_ZSTD);
      case BZIP2, XZ -> Optional.empty();
    };
  }
}
