package io.slipway.image.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.MediaTypes;
import io.slipway.image.name.Reference;
import io.slipway.image.task.FanOut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class FileCatalogTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);
  private static final Digest A = Bytes.utf8("a").digest();
  private static final Digest B = Bytes.utf8("b").digest();
  private static final Reference X1 = Reference.parse("x:1");
  private static final Reference X2 = Reference.parse("localhost:5000/deep/x:2");

  @TempDir private Path root;

  private FileCatalog open() throws IOException {
    return FileCatalog.open(root, CLOCK);
  }

  private static ManifestOrigin origin(String repository, String manifest) {
    return new ManifestOrigin(
        Reference.parse(repository).repository(),
        new Descriptor(MediaTypes.OCI_MANIFEST, Bytes.utf8(manifest).digest(), 7),
        Optional.empty());
  }

  @Test
  void survivesReopening() throws IOException {
    FileCatalog catalog = open();
    ManifestOrigin fromIndex =
        new ManifestOrigin(
            X2.repository(),
            new Descriptor(MediaTypes.DOCKER_MANIFEST, A, 1),
            Optional.of(new Descriptor(MediaTypes.DOCKER_INDEX, B, 2)));
    catalog.add(A, List.of(origin("x", "m"), fromIndex));
    catalog.add(B, List.of());
    catalog.tag(A, X1);
    catalog.tag(A, X2);
    FileCatalog again = open();
    assertThat(again.list()).isEqualTo(catalog.list()).hasSize(2);
    assertThat(again.damaged()).isEmpty();
    ImageRecord image = again.find(A).orElseThrow();
    assertThat(image.tags()).containsExactly(X1, X2);
    assertThat(image.lastTagged()).contains(CLOCK.instant());
    assertThat(image.repoDigests())
        .containsExactly(
            Reference.parse("x").withDigest(Bytes.utf8("m").digest()), X2.withDigest(B));
    assertThat(again.find(X1)).contains(image);
    assertThat(again.find(X2.withDigest(B))).contains(image);
    assertThat(again.find(X2.withDigest(A))).contains(image);
    assertThat(again.find(Reference.parse("y").withDigest(B))).isEmpty();
    assertThat(again.find(B).orElseThrow().lastTagged()).isEmpty();
  }

  @Test
  void aTagMoves() throws IOException {
    FileCatalog catalog = open();
    catalog.add(A, List.of());
    catalog.add(B, List.of());
    assertThat(catalog.tag(A, X1)).isEmpty();
    assertThat(catalog.tag(A, X1)).isEmpty();
    assertThat(catalog.tag(B, X1)).contains(A);
    assertThat(catalog.find(A).orElseThrow().tags()).isEmpty();
    assertThat(open().find(X1).orElseThrow().id()).isEqualTo(B);
    assertThat(catalog.untag(X1)).contains(B);
    assertThat(catalog.untag(X1)).isEmpty();
    assertThat(open().find(X1)).isEmpty();
    assertThat(open().find(B)).isPresent();
  }

  @Test
  void addMergesManifestsAndUntagDropsThem() throws IOException {
    FileCatalog catalog = open();
    catalog.add(A, List.of(origin("x", "m")));
    catalog.add(A, List.of(origin("x", "m"), origin("y", "m")));
    assertThat(catalog.find(A).orElseThrow().manifests()).hasSize(2);
    Reference digestName = Reference.parse("x").withDigest(Bytes.utf8("m").digest());
    assertThat(catalog.untag(digestName)).contains(A);
    assertThat(open().find(A).orElseThrow().manifests()).containsExactly(origin("y", "m"));
  }

  @Test
  void removeForgetsTags() throws IOException {
    FileCatalog catalog = open();
    catalog.add(A, List.of());
    catalog.tag(A, X1);
    assertThat(catalog.remove(A)).isTrue();
    assertThat(catalog.remove(A)).isFalse();
    assertThat(catalog.find(X1)).isEmpty();
    try (Stream<Path> files = Files.walk(root).filter(Files::isRegularFile)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void aCrashInRemoveLeavesNoTagForALaterImage() throws IOException {
    FileCatalog catalog = open();
    catalog.add(A, List.of());
    catalog.tag(A, X1);
    Files.delete(root.resolve("records/sha256-" + A.hex() + ".json"));
    FileCatalog again = open();
    assertThat(again.find(X1)).isEmpty();
    again.add(A, List.of());
    assertThat(open().find(X1)).isEmpty();
  }

  @Test
  void tornRecordsAreAbsentAndReported() throws IOException {
    FileCatalog catalog = open();
    catalog.add(A, List.of());
    catalog.add(B, List.of());
    Files.writeString(root.resolve("records/sha256-" + A.hex() + ".json"), "{\"id\":\"sha");
    Files.writeString(root.resolve("records/.x.json.123.tmp"), "half");
    Files.writeString(root.resolve("tags/0.json"), "");
    FileCatalog again = open();
    assertThat(again.list()).extracting(ImageRecord::id).containsExactly(B);
    assertThat(again.damaged()).hasSize(2);
    assertThat(root.resolve("records/.x.json.123.tmp")).doesNotExist();
  }

  @Test
  void refusesToTagTheUnknownAndByDigest() throws IOException {
    FileCatalog catalog = open();
    assertThatThrownBy(() -> catalog.tag(A, X1))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.NOT_FOUND));
    catalog.add(A, List.of());
    assertThatThrownBy(() -> catalog.tag(A, X1.withDigest(B))).hasMessageContaining("no digest");
    assertThatThrownBy(() -> catalog.tag(A, Reference.parse("x"))).hasMessageContaining("tag");
  }

  @Test
  void parallelWritersLoseNothing() throws Exception {
    FileCatalog catalog = open();
    try (FanOut fanOut = new FanOut("tagger", 8)) {
      for (int i = 0; i < 40; i++) {
        int n = i;
        fanOut.fork(() -> {
          Digest id = Bytes.utf8("image" + n).digest();
          catalog.add(id, List.of());
          return catalog.tag(id, Reference.parse("x:" + n));
        });
      }
      fanOut.join();
    }
    assertThat(open().list()).hasSize(40).allSatisfy(i -> assertThat(i.tags()).hasSize(1));
  }

  @Test
  void looksUpWhatPeopleType() throws IOException {
    FileCatalog catalog = open();
    catalog.add(A, List.of());
    catalog.add(B, List.of());
    catalog.tag(A, Reference.parse("web:latest"));
    ImageLookup lookup = new ImageLookup(catalog);
    for (String text :
        List.of(
            "web",
            "docker.io/library/web:latest",
            A.toString(),
            A.hex(),
            A.shortHex(),
            "sha256:" + A.shortHex())) {
      assertThat(lookup.find(text)).as(text).map(ImageRecord::id).contains(A);
    }
    assertThat(lookup.find("nothing")).isEmpty();
    assertThatThrownBy(() -> lookup.get("nothing")).hasMessage("No such image: nothing:latest");
    // a name wins over the beginning of an id
    catalog.tag(B, Reference.parse(A.shortHex() + ":latest"));
    assertThat(lookup.get(A.shortHex()).id()).isEqualTo(B);
  }

  @Test
  void layerIndexSurvivesAndMergesSources() throws IOException {
    FileLayerIndex index = FileLayerIndex.open(root);
    Descriptor gzip = new Descriptor(MediaTypes.OCI_LAYER_GZIP, B, 10);
    index.put(new LayerBlob(A, gzip, 100, List.of(X1.repository())));
    index.put(new LayerBlob(A, gzip, 100, List.of(X2.repository())));
    FileLayerIndex again = FileLayerIndex.open(root);
    assertThat(again.find(A))
        .containsExactly(new LayerBlob(A, gzip, 100, List.of(X1.repository(), X2.repository())));
    assertThat(again.findBlob(B)).isPresent();
    assertThat(again.remove(B)).isTrue();
    assertThat(again.remove(B)).isFalse();
    assertThat(FileLayerIndex.open(root).find(A)).isEmpty();
  }
}
