package io.slipway.registry.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.registry.config.UpkeepSettings;
import io.slipway.registry.store.BlobRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data root whose metadata is not that of its blobs is not used, so that none become garbage. */
class LostMetadataTest {
  @TempDir private Path folder;
  private final List<String> lines = new ArrayList<>();
  private Path root;
  private Digest image;

  @BeforeEach
  void push() throws IOException {
    root = folder.resolve("root");
    try (DataRootFixture registry = DataRootFixture.open(root)) {
      image = registry.pushImage("team/app", "v1", "a layer");
      Files.setLastModifiedTime(registry.blobFile(image), FileTime.from(Instant.EPOCH));
    }
  }

  private void order(AdminRequest request) throws InterruptedException {
    lines.clear();
    RegistryAdmin.run(root, UpkeepSettings.defaults(), request, lines::add);
  }

  private void copyMetadata(Path from, Path to) throws IOException {
    for (String end : List.of("", "-wal", "-shm")) {
      Files.deleteIfExists(to.resolve("metadata.db" + end));
      if (Files.exists(from.resolve("metadata.db" + end))) {
        Files.createDirectories(to);
        Files.copy(from.resolve("metadata.db" + end), to.resolve("metadata.db" + end));
      }
    }
  }

  /** Nothing opens the data root, nothing is taken from it, and the error says what helps. */
  private void refused() {
    for (AdminRequest request :
        List.of(
            new AdminRequest.Collect(false, "0"),
            new AdminRequest.Check(true),
            new AdminRequest.Usage())) {
      assertThatThrownBy(() -> order(request))
          .isInstanceOfSatisfying(
              SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.INVALID))
          .hasMessageContaining("slipway registry fsck --rebuild --data-root " + root);
    }
    assertThatThrownBy(() -> DataRootFixture.open(root)).hasMessageContaining("--rebuild");
  }

  private void rebuiltWith(String... tags) throws Exception {
    order(new AdminRequest.Rebuild());
    try (DataRootFixture registry = DataRootFixture.open(root)) {
      for (String tag : tags) {
        assertThat(
                registry.store().metadata().tags().resolve(DataRootFixture.name("team/app"), tag))
            .as(tag)
            .isPresent();
      }
      registry.collectNow();
      assertThat(registry.hasManifest("team/app", image)).isTrue();
      assertThat(registry.files("sha256")).isEqualTo(2 * tags.length);
    }
    order(new AdminRequest.Check(false));
    assertThat(lines.getLast()).startsWith("clean");
  }

  @Test
  void metadataThatIsGoneIsNotStartedAnew() throws Exception {
    copyMetadata(folder.resolve("nothing"), root);
    refused();
    rebuiltWith("v1");
  }

  @Test
  void metadataOfAnotherRegistryIsNotTaken() throws Exception {
    Path other = folder.resolve("other");
    try (DataRootFixture registry = DataRootFixture.open(other)) {
      registry.pushBlob("other/app", "something else");
    }
    copyMetadata(other, root);
    refused();
  }

  @Test
  void metadataOfABackupLearnsWhatCameLater() throws Exception {
    copyMetadata(root, folder.resolve("backup"));
    try (DataRootFixture registry = DataRootFixture.open(root)) {
      registry.pushImage("team/app", "v2", "a later layer");
    }
    copyMetadata(folder.resolve("backup"), root);
    refused();
    rebuiltWith("v1", "v2");
  }

  @Test
  void blobsThatCameWithoutAnythingElseAreNotTakenForGarbage() throws Exception {
    copyMetadata(folder.resolve("nothing"), root);
    Files.delete(root.resolve("generation"));
    refused();
    DataRoot half =
        DataRoot.openAnyway(
            StorageSettings.offline(root, UpkeepSettings.defaults()), new MovableClock());
    half.generation().doubt();
    half.store()
        .metadata()
        .blobs()
        .link(DataRootFixture.name("x"), new BlobRecord(image, 1), Instant.now());
    half.close();
    refused();
  }

  @Test
  void whatOnlyDamagedManifestsNameSurvivesARebuild() throws Exception {
    try (DataRootFixture registry = DataRootFixture.open(root)) {
      Path layer = registry.blobFile(Digest.of("a layer".getBytes()));
      Files.setLastModifiedTime(layer, FileTime.from(Instant.EPOCH));
      Files.writeString(registry.blobFile(image), "damaged");
    }
    copyMetadata(folder.resolve("nothing"), root);
    order(new AdminRequest.Rebuild());
    assertThat(lines).anyMatch(line -> line.startsWith("unknown to the metadata, kept: "));
    assertThat(Files.exists(root.resolve("blobs/sha256/" + Digest.of("a layer".getBytes()).hex())))
        .isTrue();
  }

  @Test
  void aProcessMayDieAtAnyStepOfTheMark() throws Exception {
    String last = Files.readString(root.resolve("generation")).strip();
    // killed before the metadata had the next one
    Files.writeString(root.resolve("generation"), last + "\nnext\n");
    DataRootFixture.open(root).close();
    // and after it
    String next = Files.readString(root.resolve("generation")).strip();
    assertThat(next).isNotEqualTo(last).doesNotContain("\n");
    Files.writeString(root.resolve("generation"), "before\n" + next + "\n");
    DataRootFixture.open(root).close();
    // killed in the very first start, before there was anything
    Path fresh = folder.resolve("fresh");
    Files.createDirectories(fresh);
    Files.writeString(fresh.resolve("generation"), "next\n");
    DataRootFixture.open(fresh).close();
  }

  @Test
  void aBlobThatWasPushedWhenTheFirstServerDiedIsNoReasonToRefuse() throws Exception {
    Path fresh = folder.resolve("fresh");
    DataRootFixture.open(fresh).close();
    Files.writeString(fresh.resolve("blobs/sha256/" + Digest.of("x".getBytes()).hex()), "x");
    DataRootFixture.open(fresh).close();
  }

  @Test
  void aFormerReleasesDataRootIsTaken() throws Exception {
    Files.delete(root.resolve("generation"));
    DataRoot unmarked =
        DataRoot.openAnyway(
            StorageSettings.offline(root, UpkeepSettings.defaults()), new MovableClock());
    unmarked.close();
    try (var sqlite =
            java.sql.DriverManager.getConnection("jdbc:sqlite:" + root.resolve("metadata.db"));
        var statement = sqlite.createStatement()) {
      assertThat(statement.executeUpdate("DELETE FROM property WHERE name = 'generation'"))
          .isEqualTo(1);
    }
    DataRootFixture.open(root).close();
    assertThat(root.resolve("generation")).exists();
  }

  @Test
  void metadataInOrderIsNotRebuilt() {
    assertThatThrownBy(() -> order(new AdminRequest.Rebuild()))
        .hasMessageContaining("nothing to rebuild");
  }
}
