package io.slipway.registry.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.image.model.MediaTypes;
import io.slipway.registry.config.UpkeepSettings;
import io.slipway.registry.store.ManifestReference;
import io.slipway.registry.store.NameJournal;
import io.slipway.registry.store.Page;
import io.slipway.registry.store.RepositoryName;
import io.slipway.registry.upkeep.NamedManifests;
import io.slipway.registry.upkeep.RepairSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepairTest {
  @TempDir private Path folder;
  private final List<String> lines = new ArrayList<>();

  private void order(AdminRequest request) throws InterruptedException {
    lines.clear();
    RegistryAdmin.run(folder, UpkeepSettings.defaults(), request, lines::add);
  }

  private static void flip(Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    content[content.length / 2] ^= 1;
    Files.write(file, content);
  }

  @Test
  void scrubFindsAFlippedBitAndAPushRepairs() throws Exception {
    try (DataRootFixture registry = DataRootFixture.open(folder)) {
      Digest good = registry.pushBlob("a", new byte[300_000]);
      Digest bad = registry.pushBlob("b", new byte[200_000]);
      flip(registry.blobFile(bad));
      assertThat(
              registry
                  .root()
                  .scrub()
                  .run(Instant.MIN, 0, RepairSource.none(), lines::add)
                  .contents())
          .isZero();
      registry.clock.advance(Duration.ofDays(1));
      var report =
          registry.root().scrub().run(registry.clock.instant(), 0, RepairSource.none(), lines::add);
      assertThat(report.contents()).isEqualTo(2);
      assertThat(report.bytes()).isEqualTo(500_000);
      assertThat(report.damaged()).isEqualTo(1);
      assertThat(lines).containsExactly("damaged: " + bad + ", held by b");
      assertThat(registry.has("a", good)).isTrue();
      assertThat(registry.has("b", bad)).isFalse();
      assertThat(registry.files("quarantine")).isEqualTo(1);
      registry.pushBlob("b", new byte[200_000]);
      assertThat(registry.has("b", bad)).isTrue();
      report =
          registry.root().scrub().run(registry.clock.instant(), 0, RepairSource.none(), lines::add);
      assertThat(report.contents()).as("all verified at this moment").isZero();
    }
    order(new AdminRequest.Scrub("1g", ""));
    assertThat(lines).containsExactly("read 2 contents, 500000 bytes; 0 damaged");
  }

  @Test
  void scrubKeepsItsPace() throws Exception {
    try (DataRootFixture registry = DataRootFixture.open(folder)) {
      registry.pushBlob("a", new byte[3_000_000]);
      registry.clock.advance(Duration.ofDays(1));
      long started = System.nanoTime();
      registry
          .root()
          .scrub()
          .run(registry.clock.instant(), 6_000_000, RepairSource.none(), lines::add);
      assertThat(System.nanoTime() - started).isGreaterThan(300_000_000L);
    }
  }

  @Test
  void whoeverWaitsForAScrubIsToldHowFarItIs() throws Exception {
    try (DataRootFixture registry = DataRootFixture.open(folder)) {
      registry.pushBlob("a", new byte[3_000_000]);
      registry.clock.advance(Duration.ofDays(1));
      AdminTasks.serving(registry.root(), RepairSource.none())
          .run(new AdminRequest.Scrub("1200k", ""), lines::add);
      assertThat(lines.getFirst())
          .matches("so far: read 0 contents, [1-9]\\d{5,} bytes; 0 damaged");
      assertThat(lines.getLast()).isEqualTo("read 1 contents, 3000000 bytes; 0 damaged");
    }
  }

  @Test
  void namesThatAreOverAreDroppedFromTheJournal() throws Exception {
    Path log = folder.resolve("names.log");
    NamedManifests before = new NamedManifests();
    Digest kept;
    try (DataRootFixture registry = DataRootFixture.open(folder)) {
      kept = registry.pushImage("a", "kept", "layer");
      for (int i = 0; i < 20; i++) {
        registry.pushImage("a", "moved", "layer " + i);
        registry.untag("a", "moved");
      }
      registry
          .store()
          .manifests()
          .delete(
              DataRootFixture.name("a"),
              new ManifestReference.ByDigest(registry.pushImage("a", "gone", "gone")));
    }
    FileNameJournal.read(log, before);
    List<String> expected = told(before, (repository, manifest) -> manifest.equals(kept));
    assertThat(expected).containsExactly("a " + kept + " [kept]");
    try (FileNameJournal journal = FileNameJournal.open(log)) {
      assertThat(journal.compact((r, m) -> false)).as("a small file").isFalse();
      assertThat(journal.compact(1, (r, m) -> false)).isTrue();
      assertThat(Files.readAllLines(log)).hasSize(1);
      assertThat(journal.compact(1, (r, m) -> false)).as("nothing came since").isFalse();
      journal.put(DataRootFixture.name("b"), kept, MediaTypes.OCI_MANIFEST, List.of("later"));
    }
    NamedManifests after = new NamedManifests();
    FileNameJournal.read(log, after);
    assertThat(told(after, (r, m) -> false))
        .containsExactly("a " + kept + " [kept]", "b " + kept + " [later]");
    assertThat(folder).isDirectoryNotContaining("glob:**.new");
  }

  private static List<String> told(NamedManifests names, BiPredicate<RepositoryName, Digest> held) {
    List<String> lines = new ArrayList<>();
    names.tell(
        new NameJournal() {
          @Override
          public void put(
              RepositoryName repository, Digest manifest, String type, Collection<String> tags) {
            lines.add(repository + " " + manifest + " " + tags);
          }

          @Override
          public void untagged(RepositoryName repository, String tag) {
            throw new AssertionError("it is told of what is left only");
          }

          @Override
          public void deleted(RepositoryName repository, Digest manifest) {
            throw new AssertionError("it is told of what is left only");
          }
        },
        held);
    return lines;
  }

  @Test
  void changesGoOnWhileTheJournalIsCompacted() throws Exception {
    Path log = folder.resolve("names.log");
    Digest digest = Digest.of(new byte[1]);
    int changes = 20_000;
    try (FileNameJournal journal = FileNameJournal.open(log)) {
      Thread writer =
          Thread.startVirtualThread(() -> {
            for (int i = 0; i < changes; i++) {
              journal.put(
                  DataRootFixture.name("a"), digest, MediaTypes.OCI_MANIFEST, List.of("t" + i));
            }
          });
      int compactions = 0;
      while (writer.isAlive()) {
        compactions += journal.compact(1, (r, m) -> false) ? 1 : 0;
      }
      writer.join();
      assertThat(compactions).isPositive();
    }
    NamedManifests names = new NamedManifests();
    FileNameJournal.read(log, names);
    assertThat(told(names, (r, m) -> false))
        .singleElement()
        .satisfies(line -> assertThat(line.split(",")).hasSize(changes));
  }

  @Test
  void fsckTellsAndRepairs() throws Exception {
    Digest missing;
    Digest short_;
    Digest orphan;
    try (DataRootFixture registry = DataRootFixture.open(folder)) {
      registry.pushImage("a", "v1", "a layer");
      order(registry);
      assertThat(lines).containsExactly("clean: 2 contents, 1 manifests");
      missing = registry.pushBlob("a", "missing");
      short_ = registry.pushBlob("a", "short");
      Files.delete(registry.blobFile(missing));
      Files.writeString(registry.blobFile(short_), "shor");
      orphan = Digest.of("orphan".getBytes());
      Files.writeString(registry.blobFile(orphan), "orphan");
      Files.setLastModifiedTime(
          registry.blobFile(orphan), FileTime.from(Instant.now().minusSeconds(7_200)));
      Files.writeString(registry.blobFile(Digest.of("young".getBytes())), "young");
    }
    assertThatThrownBy(() -> order(new AdminRequest.Check(false)))
        .isInstanceOf(SlipwayException.class)
        .hasMessage("3 problems are left");
    assertThat(lines)
        .containsExactlyInAnyOrder(
            "missing: " + missing,
            "damaged: " + short_ + " has 4 bytes, not 5",
            "unknown to the metadata: " + orphan,
            "3 problems in 4 contents and 1 manifests, 0 repaired");
    order(new AdminRequest.Check(true));
    assertThat(lines.getLast()).endsWith("3 repaired");
    // what clients have to push again is still told
    assertThatThrownBy(() -> order(new AdminRequest.Check(true))).hasMessage("2 problems are left");
    try (DataRootFixture registry = DataRootFixture.open(folder)) {
      registry.pushBlob("a", "missing");
      registry.pushBlob("a", "short");
      order(registry);
      assertThat(lines).containsExactly("clean: 4 contents, 1 manifests");
    }
  }

  @Test
  void whatAKilledCollectionTookAndDidNotForgetIsNoProblem() throws Exception {
    try (DataRootFixture registry = DataRootFixture.open(folder)) {
      Digest blob = registry.pushBlob("a", "of no use");
      assertThat(registry.store().metadata().blobs().unlink(DataRootFixture.name("a"), blob))
          .isTrue();
      Files.delete(registry.blobFile(blob));
      order(registry);
      assertThat(lines).containsExactly("clean: 1 contents, 0 manifests");
      assertThat(
              registry
                  .root()
                  .scrub()
                  .run(Instant.MAX, 0, RepairSource.none(), lines::add)
                  .damaged())
          .isZero();
      assertThat(registry.collectNow().contents()).isEqualTo(1);
      order(registry);
      assertThat(lines).containsExactly("clean: 0 contents, 0 manifests");
    }
  }

  private void order(DataRootFixture registry) throws InterruptedException {
    lines.clear();
    AdminTasks.serving(registry.root(), RepairSource.none())
        .run(new AdminRequest.Check(false), lines::add);
  }

  @Test
  void lostMetadataIsRebuiltFromBlobsAndNames() throws Exception {
    Digest image;
    Digest index;
    Digest layer;
    try (DataRootFixture registry = DataRootFixture.open(folder)) {
      image = registry.pushImage("team/app", "v1", "a layer");
      registry.pushImage("team/app", "gone", "another layer");
      layer = registry.pushBlob("team/app", "a layer");
      index =
          registry.pushManifest(
              "team/app",
              "multi",
              MediaTypes.OCI_INDEX,
              "{\"schemaVersion\":2,\"manifests\":[%s]}"
                  .formatted(RegistryJson.descriptor(MediaTypes.OCI_MANIFEST, image, 1)));
      registry.untag("team/app", "gone");
    }
    loseMetadata();
    // a line that was being written when the power went
    Files.writeString(
        folder.resolve("names.log"), "00000000 + team/app torn", StandardOpenOption.APPEND);
    order(new AdminRequest.Rebuild());
    assertThat(lines.getLast()).isEqualTo("clean: 5 contents, 3 manifests");
    try (DataRootFixture registry = DataRootFixture.open(folder)) {
      var name = DataRootFixture.name("team/app");
      var tags = registry.store().metadata().tags();
      assertThat(tags.list(name, new Page(10, ""))).containsExactly("multi", "v1");
      assertThat(tags.resolve(name, "v1")).contains(image);
      assertThat(
              registry
                  .store()
                  .manifests()
                  .require(name, new ManifestReference.ByTag("multi"))
                  .record()
                  .digest())
          .isEqualTo(index);
      assertThat(registry.has("team/app", layer)).isTrue();
    }
  }

  @Test
  void aTornLineTakesNothingElseWithIt() throws Exception {
    Path log = folder.resolve("names.log");
    Digest digest = Digest.of(new byte[1]);
    RepositoryName a = DataRootFixture.name("a");
    try (FileNameJournal journal = FileNameJournal.open(log)) {
      journal.put(a, digest, MediaTypes.OCI_MANIFEST, List.of("one"));
      journal.put(a, digest, MediaTypes.OCI_MANIFEST, List.of("two"));
    }
    byte[] whole = Files.readAllBytes(log);
    int second = new String(whole, StandardCharsets.US_ASCII).indexOf('\n') + 1;
    for (int length = second; length < whole.length; length += 7) {
      Files.write(log, Arrays.copyOf(whole, length));
      try (FileNameJournal journal = FileNameJournal.open(log)) {
        journal.put(a, digest, MediaTypes.OCI_MANIFEST, List.of("later"));
      }
      NamedManifests names = new NamedManifests();
      FileNameJournal.read(log, names);
      assertThat(told(names, (r, m) -> false))
          .as("cut at " + length)
          .containsExactly("a " + digest + " [later, one]");
    }
  }

  @Test
  void withoutNamesNothingIsLostEither() throws Exception {
    Digest image;
    try (DataRootFixture registry = DataRootFixture.open(folder)) {
      image = registry.pushImage("team/app", "v1", "a layer");
    }
    loseMetadata();
    Files.delete(folder.resolve("names.log"));
    order(new AdminRequest.Rebuild());
    assertThat(lines).anyMatch(line -> line.contains("1 manifests without a name"));
    try (DataRootFixture registry = DataRootFixture.open(folder)) {
      assertThat(
              registry
                  .store()
                  .metadata()
                  .tags()
                  .resolve(DataRootFixture.name("recovered"), image.hex().substring(0, 16)))
          .contains(image);
    }
  }

  private void loseMetadata() throws IOException {
    for (String end : List.of("", "-wal", "-shm")) {
      Files.deleteIfExists(folder.resolve("metadata.db" + end));
    }
  }

  @Test
  void usageIsKeptUpToDate() throws Exception {
    try (DataRootFixture registry = DataRootFixture.open(folder)) {
      registry.pushImage("a", "v1", "a layer");
      registry.pushImage("b", "v1", "a layer");
      registry.pushImage("b", "v2", "a layer");
      registry.pushBlob("b", new byte[1_000]);
      lines.clear();
      AdminTasks.serving(registry.root(), RepairSource.none())
          .run(new AdminRequest.Usage(), lines::add);
      assertThat(lines).hasSize(4);
      assertThat(lines.get(1)).matches("\\s+\\d+\\s+1  a");
      assertThat(lines.get(2)).matches("\\s+\\d+\\s+2  b");
      long a = Long.parseLong(lines.get(1).strip().split(" ")[0]);
      long b = Long.parseLong(lines.get(2).strip().split(" ")[0]);
      assertThat(b - a).isEqualTo(1_000);
      assertThat(lines.get(3)).startsWith("2 repositories, 3 contents, " + b + " bytes");
      registry.untag("b", "v2");
      registry.collectNow();
      registry.store().blobs().delete(DataRootFixture.name("a"), Digest.of("a layer".getBytes()));
      lines.clear();
      AdminTasks.serving(registry.root(), RepairSource.none())
          .run(new AdminRequest.Usage(), lines::add);
      assertThat(Long.parseLong(lines.get(1).strip().split(" ")[0])).isEqualTo(a - 7);
      assertThat(registry.store().metadata().upkeep().usage().recount(DataRootFixture.name("a")))
          .as("the count was right")
          .isTrue();
    }
  }
}
