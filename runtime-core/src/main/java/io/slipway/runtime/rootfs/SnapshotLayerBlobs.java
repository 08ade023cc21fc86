package io.slipway.runtime.rootfs;

import io.slipway.image.catalog.LayerBlob;
import io.slipway.image.catalog.LayerIndex;
import io.slipway.image.codec.Compressor;
import io.slipway.image.codec.DigestingOutputStream;
import io.slipway.image.content.BlobInfo;
import io.slipway.image.content.BlobStore;
import io.slipway.image.content.ExpectedContent;
import io.slipway.image.content.Ingest;
import io.slipway.image.content.IngestOutputStream;
import io.slipway.image.content.Layer;
import io.slipway.image.content.LayerBlobs;
import io.slipway.image.content.LayerPacking;
import io.slipway.image.content.Lease;
import io.slipway.image.error.DigestMismatchException;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Compression;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import io.slipway.image.model.MediaTypes;
import io.slipway.image.task.KeyedLock;
import io.slipway.runtime.layer.WriterOptions;
import io.slipway.runtime.snapshot.Snapshot;
import io.slipway.runtime.snapshot.Snapshotter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * Layers' bytes: from a blob the layer index knows, else packed from the snapshot, in one pass over
 * its files (tar, DiffID, compression, blob digest).
 */
public final class SnapshotLayerBlobs implements LayerBlobs {
  private final Snapshotter snapshotter;
  private final SnapshotTar tar;
  private final BlobStore blobs;
  private final LayerIndex index;
  private final Compressors compressors;
  private final KeyedLock<Digest> packing = new KeyedLock<>();

  /** What compresses, by kind and level; an empty level is the usual one. */
  @FunctionalInterface
  public interface Compressors {
    Compressor of(Compression compression, OptionalInt level);
  }

  /**
   * @param compressors what compresses new blobs, for each kind of compression
   */
  public SnapshotLayerBlobs(
      Snapshotter snapshotter,
      SnapshotTar tar,
      BlobStore blobs,
      LayerIndex index,
      Compressors compressors) {
    this.snapshotter = snapshotter;
    this.tar = tar;
    this.blobs = blobs;
    this.index = index;
    this.compressors = compressors;
  }

  @Override
  public Descriptor blob(Layer layer, Compression preferred, Lease lease) throws IOException {
    return packed(layer, new LayerPacking(preferred, OptionalInt.empty(), false), lease);
  }

  @Override
  public Descriptor packed(Layer layer, LayerPacking wanted, Lease lease) throws IOException {
    Compression preferred = wanted.compression();
    try (KeyedLock.Held _ = packing.lock(layer.diffId())) {
      for (LayerBlob known : known(layer, lease)) {
        Compression compression = Compression.ofMediaType(known.descriptor().mediaType());
        // A loaded or imported layer is stored as it came; what is sent around is compressed.
        boolean will = compression != Compression.NONE || preferred == Compression.NONE;
        if (compression == preferred || will && !wanted.exact()) {
          return known.descriptor();
        }
      }
      return pack(layer, wanted, lease);
    }
  }

  @Override
  public long tarSize(Layer layer, Lease lease) throws IOException {
    List<LayerBlob> known = known(layer, lease);
    return known.isEmpty()
        ? snapshot(layer, lease).identity().orElseThrow().tarBytes()
        : known.getFirst().uncompressedBytes();
  }

  @Override
  public void copyTar(Layer layer, OutputStream target, Lease lease) throws IOException {
    writeTar(layer, target, lease);
  }

  private SnapshotTar.Written writeTar(Layer layer, OutputStream target, Lease lease)
      throws IOException {
    SnapshotTar.Written written;
    Optional<InputStream> stored = BlobRootfsUnpacker.openTar(blobs, index, layer, lease);
    if (stored.isPresent()) {
      try (InputStream in = stored.get()) {
        DigestingOutputStream digesting = new DigestingOutputStream(target);
        in.transferTo(digesting);
        written = new SnapshotTar.Written(digesting.digest(), digesting.count());
      }
    } else {
      written = tar.write(snapshot(layer, lease), WriterOptions.PLAIN, target);
    }
    requireDiffId(layer, written.diffId());
    return written;
  }

  private List<LayerBlob> known(Layer layer, Lease lease) throws IOException {
    List<LayerBlob> present = new ArrayList<>();
    for (LayerBlob blob : index.find(layer.diffId())) {
      lease.pin(blob.descriptor().digest());
      if (blobs.stat(blob.descriptor().digest()).isPresent()) {
        present.add(blob);
      }
    }
    return present;
  }

  private Snapshot.Committed snapshot(Layer layer, Lease lease) {
    lease.pin(layer.chainId());
    return snapshotter
        .find(layer.chainId())
        .orElseThrow(() ->
            SlipwayException.notFound(
                "layer " + layer.diffId() + " is not here: neither a blob nor a snapshot"));
  }

  private Descriptor pack(Layer layer, LayerPacking wanted, Lease lease) throws IOException {
    Compressor compressor = compressors.of(wanted.compression(), wanted.level());
    String id = "layer-" + layer.diffId().shortHex() + "-" + UUID.randomUUID();
    try (Ingest ingest = blobs.ingest(id, DigestAlgorithm.SHA256)) {
      SnapshotTar.Written written;
      try (OutputStream compressed = compressor.open(new IngestOutputStream(ingest))) {
        written = writeTar(layer, compressed, lease);
      }
      BlobInfo blob = ingest.commit(ExpectedContent.anything());
      lease.pin(blob.digest());
      Descriptor descriptor =
          new Descriptor(mediaType(compressor.compression()), blob.digest(), blob.size());
      index.put(new LayerBlob(layer.diffId(), descriptor, written.bytes(), List.of()));
      return descriptor;
    }
  }

  private static void requireDiffId(Layer layer, Digest actual) {
    if (!actual.equals(layer.diffId())) {
      throw new SlipwayException(
          ErrorKind.NOT_FOUND,
          "the blob of layer " + layer.diffId() + " is lost and cannot be made again: pull it",
          new DigestMismatchException("layer", layer.diffId().toString(), actual.toString()));
    }
  }

  private static String mediaType(Compression compression) {
    return switch (compression) {
      case NONE -> MediaTypes.OCI_LAYER;
      case GZIP -> MediaTypes.OCI_LAYER_GZIP;
      case ZSTD -> MediaTypes.OCI_LAYER_ZSTD;
    };
  }
}
