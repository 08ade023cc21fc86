package io.slipway.cli.daemon;

import io.slipway.image.catalog.FileCatalog;
import io.slipway.image.catalog.FileLayerIndex;
import io.slipway.image.catalog.ImageLookup;
import io.slipway.image.codec.Compressor;
import io.slipway.image.codec.DeflateCompressor;
import io.slipway.image.codec.PlainCompressor;
import io.slipway.image.codec.ZstdCompressor;
import io.slipway.image.content.DirectoryBlobStore;
import io.slipway.image.content.Leases;
import io.slipway.image.content.VerifiedBlobs;
import io.slipway.image.model.Compression;
import io.slipway.runtime.rootfs.BlobRootfsUnpacker;
import io.slipway.runtime.rootfs.LayerUnpacker;
import io.slipway.runtime.rootfs.SnapshotIdentities;
import io.slipway.runtime.rootfs.SnapshotLayerBlobs;
import io.slipway.runtime.rootfs.SnapshotPullSink;
import io.slipway.runtime.rootfs.SnapshotTar;
import io.slipway.runtime.snapshot.OverlaySnapshotter;
import io.slipway.runtime.snapshot.Recovery;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Everything that keeps images, opened on a data root. */
record ImageParts(
    Leases leases,
    DirectoryBlobStore blobs,
    VerifiedBlobs verified,
    FileCatalog catalog,
    ImageLookup lookup,
    FileLayerIndex layers,
    OverlaySnapshotter snapshots,
    BlobRootfsUnpacker unpacker,
    SnapshotPullSink sink,
    SnapshotIdentities identities,
    SnapshotLayerBlobs layerBlobs)
    implements AutoCloseable {

  static ImageParts open(Path data, Clock clock) throws IOException {
    Leases leases = new Leases();
    DirectoryBlobStore blobs = DirectoryBlobStore.open(data.resolve("blobs"), Duration.ZERO);
    FileCatalog catalog = FileCatalog.open(data.resolve("images"), clock);
    FileLayerIndex layers = FileLayerIndex.open(data.resolve("images/layers"));
    OverlaySnapshotter snapshots = OverlaySnapshotter.open(data.resolve("snapshots"), leases);
    LayerUnpacker unpacker = new LayerUnpacker(snapshots);
    SnapshotTar tar = new SnapshotTar(snapshots);
    return new ImageParts(
        leases,
        blobs,
        new VerifiedBlobs(blobs),
        catalog,
        new ImageLookup(catalog),
        layers,
        snapshots,
        new BlobRootfsUnpacker(snapshots, unpacker, blobs, layers),
        new SnapshotPullSink(snapshots, unpacker),
        new SnapshotIdentities(snapshots, tar),
        new SnapshotLayerBlobs(snapshots, tar, blobs, layers, ImageParts::compressor));
  }

  private static Compressor compressor(Compression kind, OptionalInt level) {
    int threads = Runtime.getRuntime().availableProcessors();
    return switch (kind) {
      case NONE -> new PlainCompressor();
      case GZIP -> new DeflateCompressor(level.orElse(DeflateCompressor.DEFAULT_LEVEL), threads);
      case ZSTD -> new ZstdCompressor(level.orElse(ZstdCompressor.DEFAULT_LEVEL));
    };
  }

  @Override
  public void close() throws IOException {
    snapshots.close();
  }

  /** Says what an earlier daemon that was killed had left, and what is damaged. */
  void tellRecovery(Consumer<String> log) {
    Recovery trees = snapshots.recovery();
    if (!trees.isClean()) {
      log.accept(
          "cleaned up after a daemon that was killed: %d unfinished, %d unsynced and %d broken snapshots"
              .formatted(trees.unfinished(), trees.unsynced().size(), trees.broken().size()));
    }
    DirectoryBlobStore.Recovery content = blobs.recovery();
    if (content.ingestsRemoved() > 0) {
      log.accept(
          "removed %d unfinished blobs, %d bytes"
              .formatted(content.ingestsRemoved(), content.bytesFreed()));
    }
    catalog.damaged().forEach(line -> log.accept("damaged image record: " + line));
    layers.damaged().forEach(line -> log.accept("damaged layer record: " + line));
  }
}
