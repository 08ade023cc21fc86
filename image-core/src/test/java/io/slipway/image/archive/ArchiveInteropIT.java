package io.slipway.image.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.image.archive.ArchiveStores.Tar;
import io.slipway.image.codec.DeflateCompressor;
import io.slipway.image.model.Compression;
import io.slipway.image.model.ImageConfig;
import io.slipway.image.name.Reference;
import io.slipway.testing.Command;
import io.slipway.testing.RealDockerd;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives exchanged with Debian's dockerd, skopeo and buildah. Needs root. */
class ArchiveInteropIT {
  @TempDir private Path temp;
  private ArchiveStores ours;
  private ImageConfig config;

  @BeforeEach
  void makeImage() throws IOException {
    ours = new ArchiveStores(temp.resolve("ours"));
    byte[] base = new Tar().file("etc/motd", "hello").file("bin/x", "y".repeat(50_000)).bytes();
    config = ours.importTar(new ByteArrayInputStream(base));
  }

  private Path save(String name) throws IOException {
    Path archive = temp.resolve("ours.tar");
    try (OutputStream out = Files.newOutputStream(archive)) {
      SavedImage image = new SavedImage(config, List.of(Reference.parse(name)));
      ours.writer(Compression.NONE).write(List.of(image), out, ours.lease);
    }
    return archive;
  }

  private List<LoadedImage> load(Path archive) throws IOException {
    ArchiveStores fresh = new ArchiveStores(temp.resolve("fresh" + System.nanoTime()));
    try (InputStream in = new BufferedInputStream(Files.newInputStream(archive))) {
      return fresh.reader().read(in, fresh.lease);
    }
  }

  private void assertOurs(List<LoadedImage> images) {
    assertThat(images)
        .singleElement()
        .satisfies(image -> assertThat(image.config().bytes()).isEqualTo(config.bytes()));
  }

  private String run(String... words) throws IOException {
    return Command.run(temp, words);
  }

  @Test
  void dockerdLoadsOursAndWeLoadItsOwn() throws IOException {
    Path archive = save("slipway-test:1");
    try (RealDockerd dockerd = RealDockerd.start(temp.resolve("d"))) {
      assertThat(dockerd.docker("load", "-i", archive.toString()))
          .contains("Loaded image: slipway-test:1");
      assertThat(dockerd.docker("images", "-q", "--no-trunc", "slipway-test:1").strip())
          .isEqualTo(config.id().toString());

      Path theirs = temp.resolve("theirs.tar");
      dockerd.docker("tag", "slipway-test:1", "localhost:5000/other:2");
      dockerd.docker("save", "-o", theirs.toString(), "slipway-test:1", "localhost:5000/other:2");
      List<LoadedImage> images = load(theirs);
      assertOurs(images);
      assertThat(images.getFirst().references())
          .map(Reference::familiar)
          .containsExactlyInAnyOrder("slipway-test:1", "localhost:5000/other:2");

      Path rootfs = temp.resolve("rootfs.tar");
      Files.write(rootfs, new Tar().file("a", "1").bytes());
      String imported = dockerd.docker("import", rootfs.toString(), "imported:1").strip();
      dockerd.docker("save", "-o", theirs.toString(), "imported:1");
      assertThat(load(theirs))
          .singleElement()
          .satisfies(image -> assertThat(image.config().id().toString()).isEqualTo(imported));
    }
  }

  @Test
  void skopeoReadsOursAndWritesWhatWeRead() throws IOException {
    Path archive = save("slipway-test:1");
    run("skopeo", "copy", "docker-archive:" + archive, "oci:layout:t:1");
    run("skopeo", "copy", "docker-archive:" + archive, "docker-archive:skopeo.tar:t:2");
    run("skopeo", "copy", "oci-archive:" + archive, "oci-archive:skopeo-oci.tar:t:3");

    List<LoadedImage> fromDocker = load(temp.resolve("skopeo.tar"));
    assertOurs(fromDocker);
    assertThat(fromDocker.getFirst().references()).map(Reference::familiar).containsExactly("t:2");
    // skopeo converts the config of a docker archive when it writes OCI, so only names and layers
    ArchiveStores fresh = new ArchiveStores(temp.resolve("fresh"));
    List<LoadedImage> layout = fresh.reader().readDirectory(temp.resolve("layout"), fresh.lease);
    assertThat(layout.getFirst().config().rootFs()).isEqualTo(config.rootFs());
    assertThat(layout.getFirst().references()).map(Reference::familiar).containsExactly("t:1");
    List<LoadedImage> fromOci = load(temp.resolve("skopeo-oci.tar"));
    assertOurs(fromOci);
    assertThat(fromOci.getFirst().references()).map(Reference::familiar).containsExactly("t:3");
    assertThat(fromOci.getFirst().manifest()).isPresent();
  }

  @Test
  void layoutsWeWriteAreReadBySkopeo() throws IOException {
    Path layout = temp.resolve("written");
    ours.writer(Compression.GZIP)
        .writeDirectory(
            List.of(new SavedImage(config, List.of(Reference.parse("slipway-test:1")))),
            layout,
            ours.lease);

    String inspected = run("skopeo", "inspect", "--config", "oci:" + layout);

    assertThat(inspected).contains(config.rootFs().diffIds().getFirst().toString());
    run("skopeo", "copy", "oci:" + layout, "dir:copied");
  }

  @Test
  void buildahPullsOursAndWeLoadWhatItPushes() throws IOException {
    Path archive = save("slipway-test:1");
    Path storage = temp.resolve("storage");
    String[] buildah = {
      "buildah",
      "--root=" + storage.resolve("root"),
      "--runroot=" + storage.resolve("run"),
      "--storage-driver=vfs"
    };
    String id = run(with(buildah, "pull", "docker-archive:" + archive)).strip();
    id = id.substring(id.lastIndexOf('\n') + 1);
    assertThat("sha256:" + id).isEqualTo(config.id().toString());

    run(with(buildah, "push", id, "docker-archive:buildah.tar:t:4"));
    run(with(buildah, "push", id, "oci-archive:buildah-oci.tar:t:5"));

    assertOurs(load(temp.resolve("buildah.tar")));
    assertThat(load(temp.resolve("buildah-oci.tar")).getFirst().config().rootFs())
        .isEqualTo(config.rootFs());
    run(with(buildah, "rmi", "--all"));
  }

  @Test
  void compressedArchivesAreReadFromAStream() throws IOException {
    Path compressed = temp.resolve("c.tar.gz");
    try (OutputStream out = new DeflateCompressor(1, 1).open(Files.newOutputStream(compressed))) {
      Files.copy(save("slipway-test:1"), out);
    }
    assertOurs(load(compressed));
  }

  private static String[] with(String[] start, String... rest) {
    String[] all = Arrays.copyOf(start, start.length + rest.length);
    System.arraycopy(rest, 0, all, start.length, rest.length);
    return all;
  }
}
