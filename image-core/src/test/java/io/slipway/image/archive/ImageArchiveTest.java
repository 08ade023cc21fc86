package io.slipway.image.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.archive.ArchiveStores.Tar;
import io.slipway.image.codec.DeflateCompressor;
import io.slipway.image.codec.ZstdCompressor;
import io.slipway.image.error.DigestMismatchException;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Compression;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ImageConfig;
import io.slipway.image.model.ImageIndex;
import io.slipway.image.model.ImageManifest;
import io.slipway.image.model.ManifestFormat;
import io.slipway.image.model.MediaTypes;
import io.slipway.image.model.Platform;
import io.slipway.image.model.RootFs;
import io.slipway.image.name.Reference;
import io.slipway.image.tar.TarEntry;
import io.slipway.image.tar.TarReader;
import io.slipway.image.tar.TarType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageArchiveTest {
  @TempDir private Path temp;
  private ArchiveStores source;
  private ArchiveStores other;
  private byte[] layer;
  private ImageConfig config;

  @BeforeEach
  void stores() throws IOException {
    source = new ArchiveStores(temp.resolve("source"));
    other = new ArchiveStores(temp.resolve("other"));
    layer = new Tar().file("etc/motd", "hello").bytes();
    config = source.importTar(new ByteArrayInputStream(layer));
  }

  private SavedImage image(String... names) {
    return new SavedImage(config, Arrays.stream(names).map(Reference::parse).toList());
  }

  private byte[] save(SavedImage... images) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    source.writer(Compression.NONE).write(List.of(images), out, source.lease);
    return out.toByteArray();
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = new DeflateCompressor(6, 1).open(out)) {
      gzip.write(content);
    }
    return out.toByteArray();
  }

  private static List<String> names(byte[] archive) throws IOException {
    TarReader reader = new TarReader(new ByteArrayInputStream(archive));
    List<String> names = new ArrayList<>();
    for (var next = reader.next(); next.isPresent(); next = reader.next()) {
      names.add(next.get().name());
    }
    return names;
  }

  private void assertLoaded(List<LoadedImage> images, String... names) {
    assertThat(images).hasSize(1);
    assertThat(images.getFirst().config().bytes()).isEqualTo(config.bytes());
    assertThat(images.getFirst().references()).map(Reference::familiar).containsExactly(names);
    assertThat(other.index.find(config.rootFs().diffIds().getFirst()))
        .singleElement()
        .satisfies(blob -> assertThat(blob.uncompressedBytes()).isEqualTo(layer.length));
  }

  private void assertInvalid(byte[] archive, String message) {
    assertThatThrownBy(() -> other.load(archive))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.INVALID))
        .hasMessageContaining(message);
  }

  private String manifestJson(String layerPath) {
    return "[{\"Config\":\"config.json\",\"RepoTags\":[\"x:1\"],\"Layers\":[\""
        + layerPath
        + "\"]}]";
  }

  @Test
  void whatIsSavedIsLoadedElsewhere() throws IOException {
    byte[] archive = save(image("x:1", "localhost:5000/y:latest"));

    assertLoaded(other.load(archive), "x:1", "localhost:5000/y:latest");
    assertThat(save(image("x:1", "localhost:5000/y:latest"))).isEqualTo(archive);
    assertThat(names(archive))
        .contains("blobs/sha256", "index.json", "manifest.json", "oci-layout", "repositories");
  }

  @Test
  void loadingAgainIsHarmless() throws IOException {
    byte[] archive = save(image("x:1"));
    other.load(archive);
    assertLoaded(other.load(archive), "x:1");
  }

  @Test
  void anImageAskedForByItsIdHasNoName() throws IOException {
    byte[] archive = save(image());
    assertLoaded(other.load(archive));
    assertThat(names(archive)).doesNotContain("repositories");
  }

  @Test
  void archivesMayBeCompressed() throws IOException {
    ByteArrayOutputStream zstd = new ByteArrayOutputStream();
    try (OutputStream out = new ZstdCompressor(3).open(zstd)) {
      out.write(save(image("x:1")));
    }
    assertLoaded(other.load(zstd.toByteArray()), "x:1");
    assertLoaded(other.load(gzip(save(image("x:1")))), "x:1");
  }

  @Test
  void sharedLayersAreWrittenOnce() throws IOException {
    ImageConfig second = config.toBuilder().author("somebody").build();
    byte[] archive = save(image("x:1"), new SavedImage(second, List.of(Reference.parse("y:1"))));

    String layerPath = "blobs/sha256/" + Digest.of(layer).hex();
    assertThat(names(archive)).filteredOn(layerPath::equals).hasSize(1);
    assertThat(other.load(archive)).extracting(LoadedImage::config).hasSize(2);
  }

  @Test
  void layoutsInDirectoriesAreReadAndAddedTo() throws IOException {
    Path layout = temp.resolve("layout");
    ImageArchiveWriter writer = source.writer(Compression.GZIP);
    writer.writeDirectory(List.of(image("x:1")), layout, source.lease);
    writer.writeDirectory(List.of(image("x:2")), layout, source.lease);
    Files.delete(layout.resolve("manifest.json"));

    List<LoadedImage> images = other.reader().readDirectory(layout, other.lease);

    assertLoaded(images, "x:2");
    assertThat(images.getFirst().manifest().orElseThrow().config().digest()).isEqualTo(config.id());
    assertThat(layout.resolve("blobs/sha256")).isDirectoryNotContaining("glob:.*");
  }

  @Test
  void oldDockerArchivesWithLinkedLayersAreRead() throws IOException {
    byte[] archive =
        new Tar()
            .put(TarEntry.symlink("bbb/layer.tar", "../aaa/layer.tar", ArchiveStores.TIME), EMPTY)
            .file("bbb/VERSION", "1.0")
            .file("bbb/json", "{}")
            .file("aaa/layer.tar", layer)
            .file("config.json", config.bytes().toArray())
            .file("manifest.json", manifestJson("bbb/layer.tar"))
            .file("repositories", "{}")
            .bytes();
    assertLoaded(other.load(archive), "x:1");
  }

  private static final byte[] EMPTY = new byte[0];

  @Test
  void compressedLayersAreRead() throws IOException {
    byte[] gzipped = gzip(layer);
    byte[] archive =
        new Tar()
            .file("./config.json", config.bytes().toArray())
            .file("./l.tar.gz", gzipped)
            .file("./manifest.json", manifestJson("l.tar.gz"))
            .bytes();
    assertLoaded(other.load(archive), "x:1");
    assertThat(other.index.find(Digest.of(layer)).getFirst().descriptor())
        .isEqualTo(new Descriptor(MediaTypes.OCI_LAYER_GZIP, Digest.of(gzipped), gzipped.length));
  }

  @Test
  void ofAnIndexOnlyTheWantedPlatformIsTaken() throws IOException {
    ImageConfig arm = config.toBuilder().platform(new Platform("linux", "arm64")).build();
    ImageManifest mine = manifest(config);
    ImageManifest foreign = manifest(arm);
    ImageIndex platforms =
        ImageIndex.create(
            ManifestFormat.OCI,
            List.of(
                foreign.descriptor().withPlatform(arm.platform()),
                mine.descriptor().withPlatform(config.platform())),
            Map.of());
    ImageIndex root =
        ImageIndex.create(
            ManifestFormat.OCI,
            List.of(
                platforms
                    .descriptor()
                    .withAnnotations(Map.of("org.opencontainers.image.ref.name", "x:1"))),
            Map.of());
    byte[] archive =
        new Tar()
            .file("index.json", root.bytes().toArray())
            .file(path(platforms.descriptor().digest()), platforms.bytes().toArray())
            .file(path(mine.descriptor().digest()), mine.bytes().toArray())
            .file(path(config.id()), config.bytes().toArray())
            .file(path(Digest.of(layer)), layer)
            .bytes();

    assertLoaded(other.load(archive), "x:1");
  }

  private ImageManifest manifest(ImageConfig image) {
    Descriptor content = new Descriptor(MediaTypes.OCI_LAYER, Digest.of(layer), layer.length);
    return ImageManifest.create(
        ManifestFormat.OCI, image.descriptor(ManifestFormat.OCI), List.of(content), Map.of());
  }

  private static String path(Digest digest) {
    return "blobs/sha256/" + digest.hex();
  }

  @Test
  void blobsThatAreNotTheirNameAreRefused() throws IOException {
    byte[] archive = new Tar().file(path(Digest.of(layer)), "something else").bytes();
    assertThatThrownBy(() -> other.load(archive)).isInstanceOf(DigestMismatchException.class);
    try (var left = other.blobs.list()) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void layersThatAreNotTheirDiffIdAreRefused() throws IOException {
    byte[] archive =
        new Tar()
            .file("config.json", config.bytes().toArray())
            .file("l.tar", new Tar().file("evil", "x").bytes())
            .file("manifest.json", manifestJson("l.tar"))
            .bytes();
    assertThatThrownBy(() -> other.load(archive)).isInstanceOf(DigestMismatchException.class);
    assertThat(other.index.find(Digest.of(layer))).isEmpty();
  }

  @Test
  void incompleteArchivesAreNamed() throws IOException {
    Tar noLayer =
        new Tar()
            .file("config.json", config.bytes().toArray())
            .file("manifest.json", manifestJson("missing.tar"));
    assertInvalid(noLayer.bytes(), "refers to \"missing.tar\", which it does not hold");
    ImageConfig empty = config.toBuilder().rootFs(RootFs.EMPTY).build();
    Tar tooMany =
        new Tar()
            .file("config.json", empty.bytes().toArray())
            .file("l.tar", layer)
            .file("manifest.json", manifestJson("l.tar"));
    assertInvalid(tooMany.bytes(), "has 1 layers, but its config names 0");
    assertInvalid(new Tar().file("etc/passwd", "x").bytes(), "for a root file system use import");
    assertInvalid("hello".repeat(200).getBytes(), "not a tar archive");
    byte[] whole = save(image("x:1"));
    assertInvalid(Arrays.copyOf(whole, 2000), "truncated tar");
    byte[] gzipped = gzip(whole);
    assertInvalid(Arrays.copyOf(gzipped, gzipped.length / 2), "damaged or cut off");
    gzipped[gzipped.length / 2] ^= 0x55;
    assertThatThrownBy(() -> other.load(gzipped)).isInstanceOf(SlipwayException.class);
  }

  @Test
  void hostileDocumentsAreRefused() throws IOException {
    assertInvalid(new Tar().file("manifest.json", "{}").bytes(), "malformed manifest.json");
    assertInvalid(new Tar().file("manifest.json", "[1").bytes(), "malformed manifest.json");
    assertInvalid(
        new Tar().file("manifest.json", "[{\"Config\":{}}]").bytes(), "malformed manifest.json");
    assertInvalid(new Tar().file("manifest.json", new byte[9 << 20]).bytes(), "has 9437184 bytes");
    assertInvalid(
        new Tar()
            .put(TarEntry.symlink("a", "b", ArchiveStores.TIME), EMPTY)
            .put(TarEntry.symlink("b", "a", ArchiveStores.TIME), EMPTY)
            .file("manifest.json", "[{\"Config\":\"a\"}]")
            .bytes(),
        "refers to \"a\"");
    assertInvalid(
        new Tar()
            .put(TarEntry.symlink("c", "/etc/passwd", ArchiveStores.TIME), EMPTY)
            .file("manifest.json", "[{\"Config\":\"c\"}]")
            .bytes(),
        "refers to \"c\"");
    assertInvalid(
        new Tar()
            .put(
                new TarEntry(
                    "null",
                    TarType.CHAR_DEVICE,
                    0,
                    0,
                    0,
                    0,
                    ArchiveStores.TIME,
                    "",
                    1,
                    3,
                    Map.of()),
                EMPTY)
            .bytes(),
        "holds a device");
  }

  @Test
  void archivesOfAncientDockerAreNamed() throws IOException {
    byte[] archive = new Tar().file("repositories", "{}").file("abc/layer.tar", layer).bytes();
    assertThatThrownBy(() -> other.load(archive))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNSUPPORTED));
  }

  @Test
  void anImportedTreeIsOneLayer() throws IOException {
    assertThat(config.rootFs().diffIds()).containsExactly(Digest.of(layer));
    assertThat(config.history())
        .singleElement()
        .satisfies(line -> assertThat(line.comment()).isEqualTo("Imported from -"));
    assertThat(source.blobs.stat(config.id())).isPresent();
    // compressed or not, the layer is its content
    assertThat(other.importTar(new ByteArrayInputStream(gzip(layer))).id()).isEqualTo(config.id());
    assertThat(Optional.of(other.index.find(Digest.of(layer)).getFirst().descriptor().mediaType()))
        .contains(MediaTypes.OCI_LAYER);
  }
}
