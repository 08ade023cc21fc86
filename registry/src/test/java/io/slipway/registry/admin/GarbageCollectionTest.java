package io.slipway.registry.admin;

import static io.slipway.registry.admin.DataRootFixture.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.image.model.MediaTypes;
import io.slipway.registry.config.GcSettings;
import io.slipway.registry.config.UpkeepSettings;
import io.slipway.registry.store.ManifestReference;
import io.slipway.registry.store.RegistryFault;
import io.slipway.registry.upkeep.GcReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GarbageCollectionTest {
  private static final Duration GRACE = Duration.ofHours(2);

  @TempDir private Path folder;
  private DataRootFixture registry;

  @BeforeEach
  void open() {
    registry =
        DataRootFixture.open(
            folder,
            UpkeepSettings.defaults().withGc(new GcSettings(Duration.ZERO, GRACE, true, 0)));
  }

  @AfterEach
  void close() {
    registry.close();
  }

  private void pass() {
    registry.clock.advance(GRACE.plusMillis(1));
  }

  @Test
  void deletingATagFreesWhatOnlyItHeldAfterTheGracePeriod() throws Exception {
    Digest kept = registry.pushImage("a", "kept", "shared layer");
    Digest other = registry.pushImage("b", "v1", "only here");
    Digest gone = registry.pushImage("a", "gone", "only here");
    Digest layer = registry.pushBlob("a", "only here");
    pass();
    registry.untag("a", "gone");
    assertThat(registry.collect(false)).isEqualTo(new GcReport(false, 2, 0, 0, 0, 0));
    pass();
    GcReport report = registry.collect(false);
    assertThat(report.manifests()).isEqualTo(1);
    assertThat(report.links()).isEqualTo(1);
    assertThat(report.contents()).as("repository b still has image and layer").isZero();
    assertThat(registry.hasManifest("a", gone)).isFalse();
    assertThat(registry.has("a", layer)).isFalse();
    assertThat(Files.exists(registry.blobFile(layer))).isTrue();
    registry.untag("b", "v1");
    pass();
    report = registry.collect(false);
    assertThat(report.contents()).isEqualTo(2);
    assertThat(report.bytes()).isGreaterThan("only here".length());
    assertThat(Files.exists(registry.blobFile(layer))).isFalse();
    assertThat(Files.exists(registry.blobFile(other))).isFalse();
    assertThat(registry.files("trash")).isZero();
    assertThat(registry.files("sha256")).isEqualTo(2);
    assertThat(registry.hasManifest("a", kept)).isTrue();
    assertThat(registry.collect(false).repositories()).as("changed by the last run").isEqualTo(1);
    assertThat(registry.collect(false).repositories()).as("nothing changed since").isZero();
  }

  @Test
  void aDryRunFindsTheSameAndChangesNothing() throws Exception {
    Digest layer = registry.pushBlob("a", "never used");
    Digest child = registry.pushImage("a", "", "of the child");
    registry.pushManifest(
        "a",
        "multi",
        MediaTypes.OCI_INDEX,
        "{\"schemaVersion\":2,\"manifests\":[%s]}"
            .formatted(RegistryJson.descriptor(MediaTypes.OCI_MANIFEST, child, 1)));
    registry.pushManifest(
        "a",
        "",
        MediaTypes.OCI_MANIFEST,
        "{\"schemaVersion\":2,\"config\":%s,\"layers\":[],\"subject\":%s}"
            .formatted(
                RegistryJson.descriptor("a/b", registry.pushBlob("a", "{}"), 2),
                RegistryJson.descriptor(MediaTypes.OCI_MANIFEST, child, 1)));
    registry.pushImage("b", "v1", "of the child");
    registry.untag("a", "multi");
    pass();
    List<String> lines = new ArrayList<>();
    GcReport preview = registry.root().collection().run(true, lines::add);
    assertThat(lines).hasSize(6).anyMatch(line -> line.equals("a: would drop blob " + layer));
    assertThat(registry.collect(true)).isEqualTo(preview);
    GcReport done = registry.collect(false);
    assertThat(done)
        .isEqualTo(
            new GcReport(
                false,
                preview.repositories(),
                preview.manifests(),
                preview.links(),
                preview.contents(),
                preview.bytes()));
    assertThat(done.manifests()).isEqualTo(3);
    assertThat(done.links()).isEqualTo(3);
    assertThat(registry.files("sha256")).as("what b holds").isEqualTo(2);
  }

  @Test
  void whatAClientWasToldToExistStays() throws Exception {
    Digest layer = registry.pushBlob("a", "a layer");
    pass();
    registry.store().blobs().require(name("a"), layer);
    registry.collect(false);
    assertThat(registry.has("a", layer)).as("told from the metadata").isTrue();
    pass();
    assertThat(registry.store().blobs().cached(name("a"), layer)).isPresent();
    registry.collect(false);
    assertThat(registry.has("a", layer)).as("told from memory").isTrue();
    pass();
    registry.collect(false);
    assertThat(registry.has("a", layer)).isFalse();
    assertThat(registry.store().blobs().cached(name("a"), layer)).isEmpty();
    assertThatThrownBy(() -> registry.store().blobs().require(name("a"), layer))
        .isInstanceOf(RegistryFault.class);
  }

  @Test
  void aMountedBlobIsAsNewInItsRepository() throws Exception {
    Digest layer = registry.pushBlob("a", "a layer");
    pass();
    assertThat(
            registry.store().blobs().mount(name("b"), Optional.of(name("a")), layer, from -> true))
        .isTrue();
    registry.collect(false);
    assertThat(registry.has("b", layer)).isTrue();
    assertThat(registry.files("sha256")).isEqualTo(1);
  }

  @Test
  void untaggedManifestsStayIfTheSettingsSaySo() throws Exception {
    registry.close();
    registry =
        DataRootFixture.open(
            folder,
            UpkeepSettings.defaults().withGc(new GcSettings(Duration.ZERO, GRACE, false, 0)));
    Digest image = registry.pushImage("a", "v1", "a layer");
    registry.untag("a", "v1");
    Digest spare = registry.pushBlob("a", "spare");
    pass();
    assertThat(registry.collect(true).manifests()).isZero();
    registry.collect(false);
    assertThat(registry.hasManifest("a", image)).isTrue();
    assertThat(registry.has("a", spare)).isFalse();
  }

  @Test
  void deletedBlobsAndManifestsAreFreedWithoutGrace() throws Exception {
    Digest image = registry.pushImage("a", "v1", "a layer");
    registry.store().manifests().delete(name("a"), new ManifestReference.ByDigest(image));
    registry.store().blobs().delete(name("a"), Digest.of("a layer".getBytes()));
    assertThat(registry.collect(false).contents()).isEqualTo(2);
    assertThat(registry.files("sha256")).isZero();
  }

  @Test
  void afterAKillNothingIsDroppedForAGracePeriod() throws Exception {
    Digest layer = registry.pushBlob("a", "a layer");
    pass();
    registry.close();
    Files.writeString(folder.resolve("lock"), "4711\n");
    registry.restart();
    List<String> lines = new ArrayList<>();
    registry.root().collection().run(false, lines::add);
    assertThat(lines).singleElement().asString().contains("was killed");
    assertThat(registry.has("a", layer)).isTrue();
    pass();
    registry.collect(false);
    assertThat(registry.has("a", layer)).isFalse();
  }

  @Test
  void aRemovalThatWasInterruptedIsDoneAgain() throws Exception {
    Digest layer = registry.pushBlob("a", "a layer");
    registry.store().metadata().blobs().unlink(name("a"), layer);
    // a process died after the move to the trash and before the record was forgotten
    Files.move(registry.blobFile(layer), folder.resolve("blobs/trash/sha256-" + layer.hex()));
    assertThat(registry.collect(false).contents()).isEqualTo(1);
    assertThat(registry.files("trash")).isZero();
    assertThat(registry.store().metadata().upkeep().contents().find(layer)).isEmpty();
  }

  @Test
  void aFullDiskCostsUnneededBlobsTheirGraceAndManifestsNothing() throws Exception {
    Digest needed = registry.pushBlob("a", "a layer");
    Digest untagged = registry.pushImage("a", "", "a layer");
    Digest spare = registry.pushBlob("a", "a blob without manifest");
    assertThat(registry.root().collectForFullDisk().contents()).as("too young").isZero();
    registry.clock.advance(Duration.ofMinutes(6));
    Digest fresh = registry.pushBlob("a", "of a push under way");
    assertThat(registry.root().collectForFullDisk()).isEqualTo(new GcReport(false, 1, 0, 1, 1, 23));
    assertThat(registry.has("a", spare)).isFalse();
    assertThat(registry.files("trash")).isZero();
    assertThat(registry.has("a", needed)).isTrue();
    assertThat(registry.has("a", fresh)).isTrue();
    assertThat(registry.hasManifest("a", untagged)).isTrue();
    pass();
    assertThat(registry.root().collectForFullDisk().manifests()).isEqualTo(1);
    assertThat(registry.hasManifest("a", untagged)).isFalse();
  }

  @Test
  void aFullDiskAfterAKillCostsBlobsOnly() throws Exception {
    Digest untagged = registry.pushImage("a", "", "a layer");
    Digest spare = registry.pushBlob("a", "a blob without manifest");
    pass();
    registry.close();
    Files.writeString(folder.resolve("lock"), "4711\n");
    registry.restart();
    registry.root().collectForFullDisk();
    assertThat(registry.hasManifest("a", untagged)).isTrue();
    assertThat(registry.has("a", spare)).isFalse();
    pass();
    registry.root().collectForFullDisk();
    assertThat(registry.hasManifest("a", untagged)).isFalse();
  }

  /** The process died between the rename of the blob and its record. */
  @Test
  void whatAKilledProcessDidNotNoteIsDiscarded() throws Exception {
    Digest noted = registry.pushBlob("a", "noted");
    Digest before = unnoted("from before the killed process");
    Digest unnoted = unnoted("published");
    registry.close();
    Path lock = Files.writeString(folder.resolve("lock"), "4711\n");
    Instant taken = Instant.now().minusSeconds(60);
    Files.setLastModifiedTime(lock, FileTime.from(taken));
    Files.setLastModifiedTime(registry.blobFile(before), FileTime.from(taken.minusSeconds(1)));
    registry.restart();
    Digest later = unnoted("of a push under way");
    assertThat(registry.root().discardLeftovers()).isEqualTo(1);
    assertThat(registry.blobFile(unnoted)).doesNotExist();
    for (Digest kept : List.of(noted, before, later)) {
      assertThat(registry.blobFile(kept)).exists();
    }
    assertThat(registry.has("a", noted)).isTrue();
    registry.restart();
    assertThat(registry.root().discardLeftovers()).as("it ended in order").isZero();
    assertThat(registry.pushBlob("a", "published")).isEqualTo(unnoted);
  }

  private Digest unnoted(String text) throws IOException {
    Digest digest = Digest.of(text.getBytes());
    Files.writeString(registry.blobFile(digest), text);
    return digest;
  }

  @Test
  void oneRunAtATime() throws Exception {
    registry.pushBlob("a", "a layer");
    pass();
    assertThatThrownBy(() ->
            registry
                .root()
                .collection()
                .run(
                    false,
                    line -> {
                      Thread other = Thread.startVirtualThread(() -> assertRefused());
                      join(other);
                      throw new IllegalStateException("seen");
                    }))
        .hasMessage("seen");
    registry.collect(false);
  }

  private void assertRefused() {
    assertThatThrownBy(() -> registry.collect(false))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFLICT));
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
