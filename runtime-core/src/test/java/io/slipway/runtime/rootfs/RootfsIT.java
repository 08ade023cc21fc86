package io.slipway.runtime.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.catalog.FileLayerIndex;
import io.slipway.image.catalog.LayerBlob;
import io.slipway.image.codec.Decompression;
import io.slipway.image.codec.DeflateCompressor;
import io.slipway.image.codec.PlainCompressor;
import io.slipway.image.codec.VerifiedInputStream;
import io.slipway.image.codec.ZstdCompressor;
import io.slipway.image.content.Blob;
import io.slipway.image.content.DirectoryBlobStore;
import io.slipway.image.content.ExpectedContent;
import io.slipway.image.content.Ingest;
import io.slipway.image.content.Layer;
import io.slipway.image.content.Lease;
import io.slipway.image.content.Leases;
import io.slipway.image.error.DigestMismatchException;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.ChainId;
import io.slipway.image.model.Compression;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import io.slipway.image.model.MediaTypes;
import io.slipway.image.model.RootFs;
import io.slipway.image.tar.TarEntry;
import io.slipway.image.tar.TarTime;
import io.slipway.image.tar.TarWriter;
import io.slipway.runtime.snapshot.Lifetime;
import io.slipway.runtime.snapshot.MountedView;
import io.slipway.runtime.snapshot.OverlaySnapshotter;
import io.slipway.runtime.snapshot.Snapshot;
import io.slipway.runtime.snapshot.SnapshotKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blobs to snapshots and back, with the real stores. Needs root. */
class RootfsIT {
  @TempDir private Path temp;
  private final Leases leases = new Leases();
  private OverlaySnapshotter snapshots;
  private DirectoryBlobStore blobs;
  private FileLayerIndex index;
  private LayerUnpacker layers;
  private RootfsUnpacker unpacker;
  private LayerIdentities identities;
  private SnapshotLayerBlobs layerBlobs;
  private Lease lease;

  @BeforeEach
  void open() throws IOException {
    snapshots = OverlaySnapshotter.open(temp.resolve("snapshots"), leases);
    blobs = DirectoryBlobStore.open(temp.resolve("blobs"), Duration.ofDays(1));
    index = FileLayerIndex.open(temp.resolve("layers"));
    layers = new LayerUnpacker(snapshots);
    unpacker = new BlobRootfsUnpacker(snapshots, layers, blobs, index);
    SnapshotTar tar = new SnapshotTar(snapshots);
    identities = new SnapshotIdentities(snapshots, tar);
    layerBlobs =
        new SnapshotLayerBlobs(
            snapshots,
            tar,
            blobs,
            index,
            (kind, level) ->
                switch (kind) {
                  case NONE -> new PlainCompressor();
                  case GZIP -> new DeflateCompressor(6, 2);
                  case ZSTD -> new ZstdCompressor(3);
                });
    lease = leases.open();
  }

  @AfterEach
  void close() throws IOException {
    lease.close();
    snapshots.close();
  }

  private static byte[] tar(String... names) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TarWriter writer = new TarWriter(out);
    for (String name : names) {
      byte[] body = name.getBytes(StandardCharsets.UTF_8);
      writer.put(TarEntry.file(name, 0644, body.length, new TarTime(1_600_000_000, 0)));
      writer.write(body, 0, body.length);
    }
    writer.finish();
    return out.toByteArray();
  }

  private Digest store(byte[] content) throws IOException {
    try (Ingest ingest = blobs.ingest("t" + System.nanoTime(), DigestAlgorithm.SHA256)) {
      ingest.append(ByteBuffer.wrap(content));
      return ingest.commit(ExpectedContent.anything()).digest();
    }
  }

  private void know(byte[] tar, Digest diffId) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (var out = new DeflateCompressor(6, 2).open(compressed)) {
      out.write(tar);
    }
    Digest blob = store(compressed.toByteArray());
    Descriptor descriptor = new Descriptor(MediaTypes.DOCKER_LAYER_GZIP, blob, compressed.size());
    index.put(new LayerBlob(diffId, descriptor, tar.length, List.of()));
  }

  private Snapshot.Committed build(String name, Optional<SnapshotKey> parent, String content)
      throws IOException {
    Snapshot.Active active =
        snapshots.prepare(new SnapshotKey("build/" + name), parent, Lifetime.OPERATION);
    try (MountedView view = snapshots.view(active)) {
      Files.writeString(view.root().resolve(name), content);
    }
    return snapshots.commit(active, new SnapshotKey("step/" + name));
  }

  @Test
  void anImageIsUnpackedLayerByLayerOnce() throws IOException {
    byte[] first = tar("a", "b");
    byte[] second = tar(".wh.a", "c");
    RootFs rootFs = new RootFs(List.of(Digest.of(first), Digest.of(second)));
    know(first, Digest.of(first));
    know(second, Digest.of(second));

    Snapshot.Committed top = unpacker.unpack(rootFs, lease).orElseThrow();

    assertThat(top.identity().orElseThrow().chainId()).isEqualTo(rootFs.chain().getLast());
    assertThat(top.identity().orElseThrow().tarBytes()).isEqualTo(second.length);
    try (MountedView view = snapshots.view(top);
        var files = Files.list(view.root())) {
      assertThat(files.map(p -> p.getFileName().toString())).containsExactlyInAnyOrder("b", "c");
    }
    assertThat(snapshots.list()).hasSize(2);
    assertThat(unpacker.unpack(rootFs, lease)).contains(top);
    assertThatThrownBy(() -> snapshots.remove(top.key())).hasMessageContaining("in use");
    assertThat(unpacker.unpack(RootFs.EMPTY, lease)).isEmpty();
  }

  @Test
  void manyAskingForOneImageUnpackItOnce() throws Exception {
    byte[] layer = tar("a");
    know(layer, Digest.of(layer));
    RootFs rootFs = new RootFs(List.of(Digest.of(layer)));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Optional<Snapshot.Committed>>> tasks =
          IntStream.range(0, 8)
              .<Callable<Optional<Snapshot.Committed>>>mapToObj(
                  i -> () -> unpacker.unpack(rootFs, lease))
              .toList();
      for (Future<Optional<Snapshot.Committed>> result : threads.invokeAll(tasks)) {
        assertThat(result.get()).isEqualTo(snapshots.find(rootFs.chain().getLast()));
      }
    }
    assertThat(snapshots.list()).hasSize(1);
  }

  @Test
  void aBlobThatIsNotItsLayerLeavesNothing() throws IOException {
    Digest promised = Digest.of("something else".getBytes(StandardCharsets.UTF_8));
    know(tar("a"), promised);

    assertThatThrownBy(() -> unpacker.unpack(new RootFs(List.of(promised)), lease))
        .isInstanceOf(DigestMismatchException.class);
    assertThat(snapshots.list()).isEmpty();
  }

  @Test
  void missingBlobsAndLayersAreNamed() throws IOException {
    Digest diffId = Digest.of("x".getBytes(StandardCharsets.UTF_8));
    Layer layer = Layer.of(new RootFs(List.of(diffId))).getFirst();

    assertKind(ErrorKind.NOT_FOUND, () -> unpacker.unpack(new RootFs(List.of(diffId)), lease));
    assertKind(ErrorKind.NOT_FOUND, () -> layerBlobs.blob(layer, Compression.GZIP, lease));
    assertKind(ErrorKind.NOT_FOUND, () -> layerBlobs.tarSize(layer, lease));
    assertKind(
        ErrorKind.NOT_FOUND, () -> layerBlobs.copyTar(layer, new ByteArrayOutputStream(), lease));
  }

  @Test
  void aPullUnpacksWhatArrives() throws IOException {
    byte[] tar = tar("pulled");
    Layer layer = Layer.of(new RootFs(List.of(Digest.of(tar)))).getFirst();
    SnapshotPullSink sink = new SnapshotPullSink(snapshots, layers);
    assertThat(sink.has(layer)).isFalse();

    sink.unpack(
        layer, new VerifiedInputStream(new ByteArrayInputStream(tar), "layer", layer.diffId()));

    assertThat(sink.has(layer)).isTrue();
  }

  @Test
  void builtSnapshotsGetTheirIdentitiesFromTheBottom() throws IOException {
    Snapshot.Committed base = build("base", Optional.empty(), "1");
    Snapshot.Committed top = build("top", Optional.of(base.key()), "2");

    var identity = identities.identify(top.key());

    var below = snapshots.find(base.key()).map(s -> ((Snapshot.Committed) s).identity().get());
    assertThat(identity.chainId()).isEqualTo(below.get().chainId().then(identity.diffId()));
    assertThat(below.get().chainId()).isEqualTo(ChainId.first(below.get().diffId()));
    assertThat(snapshots.find(identity.chainId()).map(Snapshot::key)).contains(top.key());
    assertThat(identities.identify(top.key())).isEqualTo(identity);
  }

  @Test
  void aBuiltLayerBecomesABlobOnDemand() throws IOException {
    Snapshot.Committed built = build("file", Optional.empty(), "content".repeat(1000));
    var identity = identities.identify(built.key());
    Layer layer = Layer.of(new RootFs(List.of(identity.diffId()))).getFirst();
    assertThat(layerBlobs.tarSize(layer, lease)).isEqualTo(identity.tarBytes());

    Descriptor blob = layerBlobs.blob(layer, Compression.ZSTD, lease);

    assertThat(blob.mediaType()).isEqualTo(MediaTypes.OCI_LAYER_ZSTD);
    try (Blob open = blobs.open(blob.digest());
        InputStream tar = Decompression.open(open.stream(0))) {
      assertThat(Digest.of(tar.readAllBytes())).isEqualTo(identity.diffId());
    }
    // known now, whatever the compression asked for
    assertThat(layerBlobs.blob(layer, Compression.GZIP, lease)).isEqualTo(blob);
    assertThat(layerBlobs.tarSize(layer, lease)).isEqualTo(identity.tarBytes());
    blobs.delete(blob.digest());
    assertThat(layerBlobs.blob(layer, Compression.GZIP, lease).mediaType())
        .isEqualTo(MediaTypes.OCI_LAYER_GZIP);
  }

  @Test
  void tarsAreCopiedFromBlobsOrSnapshots() throws IOException {
    byte[] pulled = tar("a");
    know(pulled, Digest.of(pulled));
    Layer layer = Layer.of(new RootFs(List.of(Digest.of(pulled)))).getFirst();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    layerBlobs.copyTar(layer, out, lease);
    assertThat(out.toByteArray()).isEqualTo(pulled);

    var identity = identities.identify(build("b", Optional.empty(), "b").key());
    Layer built = Layer.of(new RootFs(List.of(identity.diffId()))).getFirst();
    out.reset();
    layerBlobs.copyTar(built, out, lease);
    assertThat(Digest.of(out.toByteArray())).isEqualTo(identity.diffId());
    assertThat((long) out.size()).isEqualTo(identity.tarBytes());
  }

  @Test
  void aPulledLayerWhoseBlobIsLostIsNotInvented() throws IOException {
    byte[] foreign = new byte[10 * 1024];
    System.arraycopy(tar("a"), 0, foreign, 0, tar("a").length);
    know(foreign, Digest.of(foreign));
    RootFs rootFs = new RootFs(List.of(Digest.of(foreign)));
    unpacker.unpack(rootFs, lease);
    Layer layer = Layer.of(rootFs).getFirst();
    blobs.delete(index.find(layer.diffId()).getFirst().descriptor().digest());

    assertThatThrownBy(() -> layerBlobs.blob(layer, Compression.GZIP, lease))
        .hasMessageContaining("is lost and cannot be made again");
    try (var left = blobs.list()) {
      assertThat(left).isEmpty();
    }
  }

  private static void assertKind(
      ErrorKind kind, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }
}
