package io.slipway.builder;

import io.slipway.builder.context.ContextSource;
import io.slipway.builder.context.DockerfileSource;
import io.slipway.builder.export.BuildOutput;
import io.slipway.builder.frontend.BaseImage;
import io.slipway.builder.frontend.BaseImages;
import io.slipway.builder.frontend.BuildOptions;
import io.slipway.builder.frontend.TestBases;
import io.slipway.builder.progress.BuildListener;
import io.slipway.builder.session.CallerSecrets;
import io.slipway.image.catalog.FileCatalog;
import io.slipway.image.catalog.FileLayerIndex;
import io.slipway.image.codec.DeflateCompressor;
import io.slipway.image.codec.PlainCompressor;
import io.slipway.image.codec.ZstdCompressor;
import io.slipway.image.content.DirectoryBlobStore;
import io.slipway.image.content.Leases;
import io.slipway.image.content.VerifiedBlobs;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Compression;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ImageConfig;
import io.slipway.image.model.Platform;
import io.slipway.image.name.Reference;
import io.slipway.image.remote.RegistryConnections;
import io.slipway.image.remote.RegistrySettings;
import io.slipway.runtime.cgroup.KernelCgroupDriver;
import io.slipway.runtime.container.KernelContainers;
import io.slipway.runtime.network.KernelNetworks;
import io.slipway.runtime.rootfs.BlobRootfsUnpacker;
import io.slipway.runtime.rootfs.LayerUnpacker;
import io.slipway.runtime.rootfs.SnapshotIdentities;
import io.slipway.runtime.rootfs.SnapshotLayerBlobs;
import io.slipway.runtime.rootfs.SnapshotTar;
import io.slipway.runtime.snapshot.OverlaySnapshotter;
import io.slipway.runtime.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Everything a builder needs, real, in one folder; needs root. */
final class BuildMachine implements AutoCloseable {
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final Deque<Part> parts = new ArrayDeque<>();
  final FileCatalog catalog;
  final DirectoryBlobStore blobs;
  final FileLayerIndex layers;
  final OverlaySnapshotter snapshots;
  final KernelCgroupDriver cgroups;
  final LocalBuilder builder;

  BuildMachine(Path data) throws IOException {
    this(data, BuilderSettings.DEFAULTS);
  }

  BuildMachine(Path data, BuilderSettings settings) throws IOException {
    var leases = new Leases();
    blobs = DirectoryBlobStore.open(data.resolve("blobs"), Duration.ofDays(1));
    catalog = FileCatalog.open(data.resolve("images"), Clock.systemUTC());
    layers = FileLayerIndex.open(data.resolve("layers"));
    snapshots = OverlaySnapshotter.open(data.resolve("snapshots"), leases);
    parts.push(snapshots::close);
    cgroups =
        KernelCgroupDriver.open(
            "slipway-build-test-"
                + ProcessHandle.current().pid()
                + "-"
                + NUMBERS.incrementAndGet());
    var containers = KernelContainers.open(cgroups, data.resolve("empty"));
    parts.push(containers::close);
    var networks = KernelNetworks.open(Optional.empty(), 0);
    parts.push(networks::close);
    var registries = new RegistryConnections(RegistrySettings.DEFAULT);
    parts.push(registries::close);
    var tar = new SnapshotTar(snapshots);
    builder =
        LocalBuilder.open(
            new BuilderParts(
                catalog,
                blobs,
                leases,
                snapshots,
                snapshots::list,
                new BlobRootfsUnpacker(snapshots, new LayerUnpacker(snapshots), blobs, layers),
                new SnapshotIdentities(snapshots, tar),
                new SnapshotLayerBlobs(
                    snapshots,
                    tar,
                    blobs,
                    layers,
                    (kind, level) ->
                        kind == Compression.ZSTD
                            ? new ZstdCompressor(level.orElse(ZstdCompressor.DEFAULT_LEVEL))
                            : kind == Compression.GZIP
                                ? new DeflateCompressor(level.orElse(1), 2)
                                : new PlainCompressor()),
                layers,
                registries,
                containers,
                networks,
                Platform.host()),
            settings,
            data.resolve("build"));
    parts.push(builder::close);
    TestImages.addBusybox(this);
  }

  @FunctionalInterface
  private interface Part {
    void close() throws IOException;
  }

  /** What is in the catalog; nothing is ever fetched. */
  BaseImages images() {
    return TestBases.named((reference, platform) ->
        new BaseImage(
            reference,
            config(
                catalog
                    .find(reference.withDefaultTag())
                    .orElseThrow(() -> SlipwayException.notFound(reference + ": not found"))
                    .id())));
  }

  ImageConfig config(Digest id) {
    try {
      return ImageConfig.parse(new VerifiedBlobs(blobs).read(id, ImageConfig.MAX_BYTES));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  BuildResult build(Path context, BuildOptions options, BuildListener listener, String... tags) {
    return build(context, options, CallerSecrets.NONE, listener, tags);
  }

  BuildResult build(
      Path context,
      BuildOptions options,
      CallerSecrets secrets,
      BuildListener listener,
      String... tags) {
    return build(new ContextSource.Directory(context), options, secrets, listener, tags);
  }

  BuildResult build(
      ContextSource context,
      BuildOptions options,
      CallerSecrets secrets,
      BuildListener listener,
      String... tags) {
    List<Reference> names = List.of(tags).stream().map(Reference::parseWithDefaultTag).toList();
    var request =
        new BuildRequest(
            context,
            new DockerfileSource.InContext("Dockerfile"),
            options,
            List.of(new BuildOutput.Image(names)),
            secrets,
            List.of());
    try (Build build = builder.with(images()).open(request)) {
      return build.run(listener);
    }
  }

  /** The image's files, as {@code cat} would see them in a container. */
  Map<String, String> files(Digest image) throws IOException {
    return TestImages.listing(snapshots, config(image));
  }

  /** Snapshots that are still being written: there are none when no build runs. */
  List<String> unfinished() {
    var active = new ArrayList<String>();
    for (Snapshot snapshot : snapshots.list()) {
      if (snapshot instanceof Snapshot.Active) {
        active.add(snapshot.key().value());
      }
    }
    return active;
  }

  @Override
  public void close() throws IOException {
    while (!parts.isEmpty()) {
      parts.pop().close();
    }
    cgroups.removeParent();
  }
}
