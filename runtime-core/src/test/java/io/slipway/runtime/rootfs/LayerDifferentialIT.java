package io.slipway.runtime.rootfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.image.archive.ImageArchiveReader;
import io.slipway.image.archive.ImageArchiveWriter;
import io.slipway.image.archive.LoadedImage;
import io.slipway.image.archive.RootfsImporter;
import io.slipway.image.archive.SavedImage;
import io.slipway.image.catalog.FileLayerIndex;
import io.slipway.image.codec.PlainCompressor;
import io.slipway.image.content.DirectoryBlobStore;
import io.slipway.image.content.ExpectedContent;
import io.slipway.image.content.Ingest;
import io.slipway.image.content.Lease;
import io.slipway.image.content.Leases;
import io.slipway.image.model.Compression;
import io.slipway.image.model.ContainerConfig;
import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import io.slipway.image.model.ImageConfig;
import io.slipway.image.model.Platform;
import io.slipway.image.name.Reference;
import io.slipway.image.tar.TarEntry;
import io.slipway.image.tar.TarReader;
import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.layer.LayerWriter;
import io.slipway.runtime.layer.WriterOptions;
import io.slipway.runtime.snapshot.Lifetime;
import io.slipway.runtime.snapshot.MountedView;
import io.slipway.runtime.snapshot.OverlaySnapshotter;
import io.slipway.runtime.snapshot.Snapshot;
import io.slipway.runtime.snapshot.SnapshotKey;
import io.slipway.testing.Command;
import io.slipway.testing.RealDockerd;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same changes made by dockerd, by buildah and by us must give the same tree, whoever wrote the
 * layer and whoever unpacks it: path, kind, mode, owner, size, content, link and attributes. Needs
 * root.
 */
class LayerDifferentialIT {
  private static final String BASE =
      "mkdir -p etc usr/lib var/log opt/old/deep tmp; echo one >etc/one; echo two >etc/two;"
          + " echo a >usr/lib/a; echo b >usr/lib/b; ln usr/lib/a usr/lib/a.hard; ln -s usr/lib lib;"
          + " echo x >opt/old/deep/x; echo y >opt/old/y; ln -s nowhere dangling; chmod 1777 tmp;";

  /** In busybox's shell, as root of the tree; needs no capability that a build step lacks. */
  private static final String CHANGES =
      "set -e; rm etc/one; echo more >>etc/two; chmod 4711 usr/lib/b; chown 12:34 usr/lib/a;"
          + " rm -r opt/old; mkdir -p opt/old/deep; echo new >opt/old/deep/z;"
          + " rm lib; mkdir lib; echo in >lib/in; rm -r var/log; echo file >var/log;"
          + " ln etc/two etc/zwei; echo l >l1; ln l1 usr/l2; mkfifo pipe; mknod null c 1 3;"
          + " rm dangling; ln -s /etc/two link; mkdir -m 2750 set; mkdir -p d/e/f; chown 7 d/e;"
          + " echo u >'unicode \u00fc \u540d'; echo n >'"
          + "long".repeat(60)
          + "'; echo gone >tmp/gone; rm tmp/gone; touch etc/two";

  /** What engines put into containers' trees or leave behind there. */
  private static final Set<String> ENGINES =
      Set.of(
          ".dockerenv",
          "dev",
          "proc",
          "sys",
          "run",
          "etc",
          "etc/hosts",
          "etc/hostname",
          "etc/mtab",
          "etc/resolv.conf");

  @TempDir private Path temp;
  private final Leases leases = new Leases();
  private OverlaySnapshotter snapshots;
  private DirectoryBlobStore blobs;
  private FileLayerIndex index;
  private SnapshotPullSink sink;
  private Lease lease;
  private Path baseTar;
  private ImageConfig base;

  @BeforeEach
  void makeBase() throws IOException {
    snapshots = OverlaySnapshotter.open(temp.resolve("snapshots"), leases);
    blobs = DirectoryBlobStore.open(temp.resolve("blobs"), Duration.ofDays(1));
    index = FileLayerIndex.open(temp.resolve("layers"));
    sink = new SnapshotPullSink(snapshots, new LayerUnpacker(snapshots));
    lease = leases.open();
    Path tree = Files.createDirectory(temp.resolve("base"));
    Command.run(tree, "sh", "-c", BASE + "mkdir bin; cp \"$(command -v busybox)\" bin/busybox");
    Command.run(
        tree,
        "sh",
        "-c",
        "for a in sh rm ls mkdir mknod mkfifo ln chmod chown touch echo;"
            + " do ln -s busybox bin/$a; done");
    baseTar = temp.resolve("base.tar");
    Command.run(
        temp, "tar", "--numeric-owner", "-C", tree.toString(), "-cf", baseTar.toString(), ".");
    try (InputStream in = Files.newInputStream(baseTar)) {
      base =
          new RootfsImporter(blobs, index, sink)
              .importTar(
                  in,
                  new RootfsImporter.Settings(
                      new Platform("linux", "amd64"), ContainerConfig.EMPTY, "base", Instant.EPOCH),
                  lease);
    }
  }

  @AfterEach
  void close() throws IOException {
    lease.close();
    snapshots.close();
  }

  private Snapshot.Committed top(ImageConfig image) {
    return snapshots.find(image.rootFs().chain().getLast()).orElseThrow();
  }

  /** The changes, made by us on the same base. */
  private Snapshot.Committed ours() throws IOException {
    Snapshot.Active active =
        snapshots.prepare(
            new SnapshotKey("ours"), Optional.of(top(base).key()), Lifetime.OPERATION);
    try (MountedView view = snapshots.view(active)) {
      String root = "/proc/" + ProcessHandle.current().pid() + "/fd/" + view.mount().number();
      Command.run(temp, "chroot", root, "/bin/sh", "-c", "cd /; " + CHANGES);
    }
    return snapshots.commit(active, new SnapshotKey("ours/done"));
  }

  private Map<String, String> tree(Snapshot snapshot) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (MountedView view = snapshots.view(snapshot)) {
      new LayerWriter(WriterOptions.PLAIN).write(view.root(), Optional.empty(), out);
    }
    return list(new ByteArrayInputStream(out.toByteArray()));
  }

  /** Path to everything that must be equal; the second names of files to what they are. */
  private static Map<String, String> list(InputStream tar) throws IOException {
    Map<String, String> found = new TreeMap<>();
    TarReader reader = new TarReader(tar);
    for (var next = reader.next(); next.isPresent(); next = reader.next()) {
      TarEntry entry = next.get();
      if (ENGINES.contains(entry.name()) || entry.name().startsWith("dev/")) {
        continue;
      }
      String content =
          switch (entry.type()) {
            case FILE -> Digest.of(reader.body().readAllBytes()).shortHex();
            case HARD_LINK -> found.get(entry.linkName()) + " linked";
            default -> entry.linkName() + " " + entry.deviceMajor() + ":" + entry.deviceMinor();
          };
      StringBuilder line = new StringBuilder();
      line.append(entry.type()).append(' ').append(Integer.toOctalString(entry.mode()));
      line.append(' ').append(entry.uid()).append(':').append(entry.gid());
      line.append(' ').append(content);
      entry
          .xattrs()
          .forEach((name, value) -> line.append(' ').append(name).append('=').append(hex(value)));
      found.put(entry.name(), line.toString());
    }
    return found;
  }

  private static String hex(byte[] value) {
    return HexFormat.of().formatHex(value);
  }

  private ImageConfig load(Path archive) throws IOException {
    var reader = new ImageArchiveReader(blobs, index, sink, new Platform("linux", "amd64"));
    try (InputStream in = new BufferedInputStream(Files.newInputStream(archive))) {
      List<LoadedImage> images = reader.read(in, lease);
      assertThat(images).hasSize(1);
      return images.getFirst().config();
    }
  }

  @Test
  void whatDockerdBuiltUnpacksHereAsWhatWeBuilt() throws IOException {
    Map<String, String> expected = tree(ours());
    Path context = Files.createDirectory(temp.resolve("context"));
    Files.writeString(context.resolve("changes"), CHANGES);
    Files.writeString(
        context.resolve("Dockerfile"),
        "FROM base:1\nCOPY changes /tmp/changes\n"
            + "RUN cd / && sh -e /tmp/changes && rm /tmp/changes\n");
    try (RealDockerd dockerd = RealDockerd.start(temp.resolve("d"))) {
      dockerd.docker("import", baseTar.toString(), "base:1");
      dockerd.docker("build", "--network=none", "-t", "built:1", context.toString());
      Path archive = temp.resolve("built.tar");
      dockerd.docker("save", "-o", archive.toString(), "built:1");

      assertThat(tree(top(load(archive)))).isEqualTo(expected);
    }
  }

  @Test
  void whatWeBuiltUnpacksInDockerdTheSame() throws IOException {
    Snapshot.Committed built = ours();
    Snapshot.Active capable =
        snapshots.prepare(new SnapshotKey("cap"), Optional.of(built.key()), Lifetime.OPERATION);
    try (MountedView view = snapshots.view(capable);
        Dir root = Dir.open(view.root())) {
      byte[] netRaw = HexFormat.of().parseHex("0100000200200000000000000000000000000000");
      root.setXattrs("l1", Map.of("security.capability", netRaw));
    }
    Snapshot.Committed top = snapshots.commit(capable, new SnapshotKey("cap/done"));
    SnapshotTar tar = new SnapshotTar(snapshots);
    SnapshotIdentities identities = new SnapshotIdentities(snapshots, tar);
    identities.identify(top.key());
    Path archive = temp.resolve("ours.tar");
    ImageConfig image =
        base.toBuilder()
            .rootFs(
                base.rootFs()
                    .with(identities.identify(built.key()).diffId())
                    .with(identities.identify(top.key()).diffId()))
            .build();
    store(image);
    var layerBlobs =
        new SnapshotLayerBlobs(
            snapshots, tar, blobs, index, (kind, level) -> new PlainCompressor());
    try (OutputStream out = Files.newOutputStream(archive)) {
      new ImageArchiveWriter(blobs, layerBlobs, Compression.NONE)
          .write(List.of(new SavedImage(image, List.of(Reference.parse("ours:1")))), out, lease);
    }

    try (RealDockerd dockerd = RealDockerd.start(temp.resolve("d"))) {
      dockerd.docker("load", "-i", archive.toString());
      String container = dockerd.docker("create", "--network=none", "ours:1", "sh").strip();
      Path exported = temp.resolve("exported.tar");
      dockerd.docker("export", "-o", exported.toString(), container);
      dockerd.docker("rm", container);
      try (InputStream in = Files.newInputStream(exported)) {
        assertThat(list(in)).isEqualTo(tree(top));
      }
    }
  }

  @Test
  void whatBuildahBuiltUnpacksHereAsWhatWeBuilt() throws IOException {
    Map<String, String> expected = tree(ours());
    Path storage = temp.resolve("storage");
    String buildah =
        "buildah --root=%s/root --runroot=%s/run --storage-driver=vfs ".formatted(storage, storage);
    Files.writeString(temp.resolve("changes"), "cd /; " + CHANGES);
    Command.run(
        temp,
        "sh",
        "-euc",
        "b='"
            + buildah
            + "'; c=$($b from scratch); $b add \"$c\" base.tar / >/dev/null;"
            + " $b commit -q --rm \"$c\" base; c=$($b from --pull-never base);"
            + " $b copy -q \"$c\" changes /tmp/changes;"
            + " $b run --cap-add=CAP_MKNOD --isolation=chroot \"$c\" sh -e /tmp/changes;"
            + " $b run --isolation=chroot \"$c\" rm /tmp/changes;"
            + " $b commit -q --rm \"$c\" docker-archive:buildah.tar:built:1; $b rmi -a -f");

    Map<String, String> theirs = tree(top(load(temp.resolve("buildah.tar"))));
    // buildah's vfs changes a lower file in place, so its second name changes with it
    expected.remove("usr/lib/a.hard");
    assertThat(theirs.remove("usr/lib/a.hard")).contains("linked");
    assertThat(theirs).isEqualTo(expected);
  }

  private void store(ImageConfig image) throws IOException {
    try (Ingest ingest = blobs.ingest("config", DigestAlgorithm.SHA256)) {
      ingest.append(image.bytes().buffer());
      ingest.commit(ExpectedContent.of(image.id()));
    }
  }
}
