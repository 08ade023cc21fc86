package io.slipway.runtime.layer;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.image.content.Leases;
import io.slipway.image.tar.TarEntry;
import io.slipway.image.tar.TarType;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.snapshot.Lifetime;
import io.slipway.runtime.snapshot.MountedView;
import io.slipway.runtime.snapshot.OverlaySnapshotter;
import io.slipway.runtime.snapshot.Snapshot;
import io.slipway.runtime.snapshot.SnapshotKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Layers on real overlay mounts: what a program did in a snapshot, written as a tar and applied
 * elsewhere, must look the same. Needs root.
 */
class LayerOverlayIT {
  @TempDir private Path temp;
  private OverlaySnapshotter snapshots;
  private int made;

  @BeforeEach
  void open() throws IOException {
    snapshots = OverlaySnapshotter.open(temp.resolve("snapshots"), new Leases());
  }

  @AfterEach
  void close() throws IOException {
    snapshots.close();
  }

  /** A snapshot in which the shell script ran. */
  private Snapshot.Committed run(Optional<Snapshot.Committed> parent, String script)
      throws Exception {
    Snapshot.Active active = prepare(parent);
    try (MountedView view = snapshots.view(active)) {
      // Resolved by the child, whose descriptors are its own: hence the daemon's pid.
      String root = "/proc/" + ProcessHandle.current().pid() + "/fd/" + view.mount().number();
      Process shell =
          new ProcessBuilder("sh", "-euc", "cd \"$1\"; shift; " + script, "sh", root)
              .redirectErrorStream(true)
              .start();
      String output = new String(shell.getInputStream().readAllBytes());
      assertThat(shell.waitFor()).as(output).isZero();
    }
    return snapshots.commit(active, new SnapshotKey("done/" + made++));
  }

  private Snapshot.Committed apply(Optional<Snapshot.Committed> parent, byte[] layer)
      throws IOException {
    Snapshot.Active active = prepare(parent);
    LayerApplier applier = new LayerApplier(ApplyOptions.LAYER);
    if (parent.isEmpty()) {
      applier.apply(new ByteArrayInputStream(layer), active.changes(), Optional.empty());
    } else {
      try (MountedView below = snapshots.view(parent.get())) {
        applier.apply(new ByteArrayInputStream(layer), active.changes(), Optional.of(below.root()));
      }
    }
    return snapshots.commit(active, new SnapshotKey("done/" + made++));
  }

  private Snapshot.Active prepare(Optional<Snapshot.Committed> parent) throws IOException {
    return snapshots.prepare(
        new SnapshotKey("making/" + made++), parent.map(Snapshot::key), Lifetime.OPERATION);
  }

  private byte[] layer(Snapshot.Committed snapshot) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LayerWriter writer = new LayerWriter(WriterOptions.PLAIN);
    Optional<Snapshot> below = snapshot.parent().flatMap(snapshots::find);
    if (below.isEmpty()) {
      writer.write(snapshot.changes(), Optional.empty(), out);
    } else {
      try (MountedView view = snapshots.view(below.get())) {
        writer.write(snapshot.changes(), Optional.of(view.root()), out);
      }
    }
    return out.toByteArray();
  }

  /** The whole merged tree, as a tar. */
  private byte[] merged(Snapshot snapshot) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (MountedView view = snapshots.view(snapshot)) {
      new LayerWriter(WriterOptions.PLAIN).write(view.root(), Optional.empty(), out);
    }
    return out.toByteArray();
  }

  /** Writes the layer, applies it to the same parent elsewhere and compares the merged trees. */
  private byte[] assertTravels(Snapshot.Committed base, Snapshot.Committed child)
      throws IOException {
    byte[] layer = layer(child);
    assertThat(layer(child)).isEqualTo(layer);
    Snapshot.Committed copiedBase = apply(Optional.empty(), layer(base));
    Snapshot.Committed copied = apply(Optional.of(copiedBase), layer);
    assertThat(Tars.list(merged(copied))).isEqualTo(Tars.list(merged(child)));
    assertThat(merged(copied)).isEqualTo(merged(child));
    assertThat(layer(copied)).as("the layer written again").isEqualTo(layer);
    return layer;
  }

  private static final String BASE =
      "mkdir -p etc usr/lib var/cache/apt; echo 1 >etc/one; echo 2 >etc/two;"
          + " echo lib >usr/lib/a; echo lib >usr/lib/b; ln -s usr/lib lib;"
          + " echo x >var/cache/apt/x; ln usr/lib/a usr/lib/a.hard;"
          + " find . -exec touch -hd @1500000000.123456789 {} +;";

  @Test
  void deletionsAreWhiteoutsOfWhatWasThere() throws Exception {
    var base = run(Optional.empty(), BASE);
    var child =
        run(
            Optional.of(base),
            "rm etc/one; rm -r usr/lib; echo x >temporary; rm temporary; rm lib;");

    List<String> names = Tars.names(assertTravels(base, child));

    assertThat(names).containsExactly("etc", "etc/.wh.one", ".wh.lib", "usr", "usr/.wh.lib");
  }

  @Test
  void aDirectoryMadeAgainHidesOnlyWhatItLost() throws Exception {
    var base = run(Optional.empty(), BASE + "mkdir usr/lib/sub; echo s >usr/lib/sub/s;");
    var child =
        run(
            Optional.of(base),
            "rm -r usr/lib; mkdir -p usr/lib/sub; echo new >usr/lib/new; echo other >usr/lib/b;");

    List<String> names = Tars.names(assertTravels(base, child));

    assertThat(names)
        .containsExactly(
            "usr",
            "usr/lib",
            "usr/lib/.wh.a",
            "usr/lib/.wh.a.hard",
            "usr/lib/b",
            "usr/lib/new",
            "usr/lib/sub",
            "usr/lib/sub/.wh.s");
  }

  @Test
  void kindsMayChange() throws Exception {
    var base = run(Optional.empty(), BASE);
    var child =
        run(
            Optional.of(base),
            "rm -r etc; echo file >etc; rm lib; mkdir lib; echo in >lib/in;"
                + " rm usr/lib/b; mkfifo usr/lib/b; rm -r var/cache; ln -s lib var/cache;");

    List<String> names = Tars.names(assertTravels(base, child));

    assertThat(names)
        .containsExactly("etc", "lib", "lib/in", "usr", "usr/lib", "usr/lib/b", "var", "var/cache");
  }

  @Test
  void touchingWithoutChangingLeavesNothing() throws Exception {
    var base = run(Optional.empty(), BASE);
    var child =
        run(
            Optional.of(base),
            "chmod 644 etc/one; : >>etc/two; touch etc/x; rm etc/x; touch -d @9 usr;"
                + " chown 0:0 usr/lib/b");

    assertThat(layer(child)).isEqualTo(new byte[1024]);
  }

  @Test
  void metadataOnlyChangesCarryTheWholeFile() throws Exception {
    var base = run(Optional.empty(), BASE);
    var child =
        run(
            Optional.of(base),
            "chmod 4711 etc/one; chown 7:8 etc/two; touch -d @42 usr/lib/b; chmod 700 var/cache");

    byte[] layer = assertTravels(base, child);

    assertThat(Tars.list(layer))
        .containsExactly(
            "DIRECTORY 755 1500000000 0 etc",
            "FILE 4711 1500000000 2 etc/one",
            "FILE 644 1500000000 2 etc/two",
            "DIRECTORY 755 1500000000 0 usr",
            "DIRECTORY 755 1500000000 0 usr/lib",
            "FILE 644 42 4 usr/lib/b",
            "DIRECTORY 755 1500000000 0 var",
            "DIRECTORY 700 1500000000 0 var/cache");
  }

  @Test
  void hardLinksStayOrBreakAsOverlayfsDoes() throws Exception {
    var base = run(Optional.empty(), BASE);
    var child =
        run(
            Optional.of(base),
            "echo more >>usr/lib/a; ln etc/one etc/uno; echo n >n1; ln n1 n0; ln n1 usr/n2");

    byte[] layer = assertTravels(base, child);

    assertThat(Tars.list(layer).stream().map(line -> line.replaceAll(" [0-9]{6,} [0-9]+ ", " ")))
        .containsExactly(
            "DIRECTORY 755 etc",
            "FILE 644 etc/one",
            "HARD_LINK 644 etc/uno -> etc/one",
            "FILE 644 n0",
            "HARD_LINK 644 n1 -> n0",
            "DIRECTORY 755 usr",
            "DIRECTORY 755 usr/lib",
            "FILE 644 usr/lib/a",
            "HARD_LINK 644 usr/n2 -> n0");
  }

  @Test
  void attributesAndCapabilitiesTravel() throws Exception {
    byte[] capability = HexFormat.of().parseHex("0100000200200000000000000000000000000000");
    var base = run(Optional.empty(), BASE);
    Snapshot.Active active = prepare(Optional.of(base));
    try (MountedView view = snapshots.view(active);
        Dir root = Dir.open(view.root());
        Dir etc = root.directory("etc")) {
      etc.setXattrs("one", Map.of("security.capability", capability));
      etc.setXattrs("two", Map.of("user.note", new byte[] {(byte) 0xC3, 0x28, 0}));
      root.setXattrs("var", Map.of("trusted.mine", new byte[0]));
    }
    var child = snapshots.commit(active, new SnapshotKey("xattrs"));

    byte[] layer = assertTravels(base, child);

    assertThat(Tars.list(layer))
        .anyMatch(line -> line.endsWith("etc/one +security.capability"))
        .anyMatch(line -> line.endsWith("etc/two +user.note"))
        .anyMatch(line -> line.endsWith("var +trusted.mine"));
    var copied = apply(Optional.of(base), layer);
    try (MountedView view = snapshots.view(copied);
        Dir root = Dir.open(view.root());
        Dir etc = root.directory("etc")) {
      assertThat(etc.xattrs("one").get("security.capability")).isEqualTo(capability);
      assertThat(etc.xattrs("two").get("user.note")).isEqualTo(new byte[] {(byte) 0xC3, 0x28, 0});
    }
  }

  @Test
  void devicesAndOwnersTravel() throws Exception {
    var base =
        run(
            Optional.empty(),
            "mknod null c 1 3; chmod 666 null; mknod disk b 259 7; mkfifo -m 600 pipe;"
                + " mkdir -m 1777 tmp; echo x >own; chown 4294967294:100000 own; chmod 6755 own;");
    byte[] layer = layer(base);
    var copied = apply(Optional.empty(), layer);
    assertThat(merged(copied)).isEqualTo(merged(base));
    assertThat(Tars.list(layer)).hasSize(5);
  }

  @Test
  void opaqueMarkersOfOthersHideEverythingBelow() throws Exception {
    var base = run(Optional.empty(), BASE);
    byte[] before = Tars.tar().dir("usr/lib").file("usr/lib/.wh..wh..opq", "").bytes();
    byte[] after =
        Tars.tar()
            .dir("usr/lib")
            .file("usr/lib/new", "n")
            .file("usr/lib/.wh..wh..opq", "")
            .file("etc/.wh.one", "")
            .file("etc/one", "again")
            .file(".wh.var", "")
            .dir("var")
            .file("var/only", "")
            .bytes();

    assertThat(Tars.names(merged(apply(Optional.of(base), before))))
        .doesNotContain("usr/lib/a")
        .contains("usr/lib", "etc/one");
    assertThat(Tars.names(merged(apply(Optional.of(base), after))))
        .containsExactly(
            "etc", "etc/one", "etc/two", "lib", "usr", "usr/lib", "usr/lib/new", "var", "var/only");
  }

  @Test
  void anOpaqueRootHidesEverything() throws Exception {
    var base = run(Optional.empty(), BASE);
    byte[] layer =
        Tars.tar().dir("etc").file("etc/new", "").file(".wh..wh..opq", "").dir("usr").bytes();

    assertThat(Tars.names(merged(apply(Optional.of(base), layer))))
        .containsExactly("etc", "etc/new", "usr");
  }

  @Test
  void parentsThatOnlyTheLayersBelowHaveKeepTheirLooks() throws Exception {
    var base = run(Optional.empty(), BASE + "chmod 711 usr/lib; chown 3:4 usr/lib;");
    byte[] layer = Tars.tar().file("usr/lib/added", "").file("lib/through-link", "").bytes();

    var child = apply(Optional.of(base), layer);

    assertThat(Tars.names(merged(child)))
        .contains("usr/lib/a", "usr/lib/added", "usr/lib/through-link", "lib");
    try (MountedView view = snapshots.view(child);
        Tree tree = Tree.open(view.root())) {
      FileStatus lib = tree.status("usr/lib").orElseThrow();
      assertThat(lib.permissions()).isEqualTo(0711);
      assertThat(lib.uid()).isEqualTo(3);
      assertThat(lib.mtimeSeconds()).isEqualTo(1_500_000_000);
      assertThat(lib.mtimeNanos()).isEqualTo(123_456_789);
    }
  }

  @Test
  void aHardLinkToALowerFileIsOneFile() throws Exception {
    var base = run(Optional.empty(), BASE);
    var child = apply(Optional.of(base), Tars.tar().hardLink("uno", "etc/one").bytes());

    try (MountedView view = snapshots.view(child);
        Tree tree = Tree.open(view.root())) {
      FileStatus one = tree.status("etc/one").orElseThrow();
      assertThat(one.links()).isEqualTo(2);
      assertThat(tree.status("uno").orElseThrow().inode()).isEqualTo(one.inode());
    }
  }

  @Test
  void aLayerCannotSteerOverlayfs() throws Exception {
    var base = run(Optional.empty(), BASE);
    TarEntry directory =
        new TarEntry(
            "elsewhere",
            TarType.DIRECTORY,
            0755,
            0,
            0,
            0,
            Tars.TIME,
            "",
            0,
            0,
            Map.of(
                "trusted.overlay.redirect",
                "/etc".getBytes(),
                "trusted.overlay.opaque",
                "y".getBytes(),
                "user.kept",
                "1".getBytes()));

    var child = apply(Optional.of(base), Tars.tar().put(directory, new byte[0]).bytes());

    assertThat(Tars.names(merged(child))).doesNotContain("elsewhere/one");
    assertThat(Tars.list(layer(child))).singleElement().asString().endsWith("+user.kept");
  }

  @Test
  void manyFilesAreCompared() throws Exception {
    var base =
        run(
            Optional.empty(),
            "i=0; while [ $i -lt 300 ]; do mkdir d$i; echo $i >d$i/f; i=$((i+1)); done");
    var child = run(Optional.of(base), "chmod -R u+w .; rm d7/f; echo x >d9/g");

    assertThat(Tars.names(assertTravels(base, child)))
        .containsExactly("d7", "d7/.wh.f", "d9", "d9/g");
    assertThat(Arrays.equals(layer(base), layer(child))).isFalse();
  }
}
