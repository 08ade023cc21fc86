package io.slipway.registry.http;

import static io.slipway.registry.http.RegistryFixture.assertError;
import static io.slipway.registry.http.RegistryFixture.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import io.slipway.registry.admin.DataRoot;
import io.slipway.registry.admin.StorageSettings;
import io.slipway.registry.config.SparseManifests;
import io.slipway.registry.config.UpkeepSettings;
import io.slipway.registry.store.RegistryFault;
import io.slipway.registry.store.RepositoryName;
import io.slipway.registry.store.UploadId;
import io.slipway.registry.store.UploadWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data root on a file system of 48 MB. */
class FullDiskIT {
  @TempDir Path folder;
  private Path disk;

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(folder.resolve("disk"));
    run("mount", "-t", "tmpfs", "-o", "size=48m", "slipway-registry-test", disk.toString());
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", disk.toString());
  }

  private static void run(String... command) throws IOException, InterruptedException {
    int status = new ProcessBuilder(command).inheritIO().start().waitFor();
    assertThat(status).as(String.join(" ", command)).isZero();
  }

  private RegistryFixture open(long reserve) {
    return RegistryFixture.open(
        disk.resolve("root"), Map.of("limits.disk-reserve", Long.toString(reserve)));
  }

  @Test
  void reserveRefusesBeforeTheDiskIsFull() throws IOException {
    try (RegistryFixture registry = open(8 << 20)) {
      Digest held = registry.pushBlob("a", random(20_000_000));
      long before = free();
      String upload = "/v2/a/blobs/uploads/?digest=" + Digest.of(random(25_000_000));
      assertError(registry.send("POST", upload, random(25_000_000)), 507, "UNAVAILABLE");
      streamTooMuch(registry);
      assertThat(free()).isGreaterThan(before - (1 << 20));
      assertThat(registry.get("/v2/a/blobs/" + held).body()).isEqualTo(random(20_000_000));
      registry.pushImage("a", "latest", "still room for this");
      assertThat(registry.delete("/v2/a/manifests/latest").statusCode()).isEqualTo(202);
    }
  }

  @Test
  void withoutAReserveTheFullDiskItselfIsSurvived() throws IOException {
    try (RegistryFixture registry = open(0)) {
      Digest held = registry.pushBlob("a", random(20_000_000));
      long before = free();
      for (int i = 0; i < 3; i++) {
        streamTooMuch(registry);
        assertThat(free()).isGreaterThan(before - (1 << 20));
      }
      assertThat(registry.get("/v2/a/blobs/" + held).body()).isEqualTo(random(20_000_000));
      registry.pushImage("a", "latest", "room again");
      registry.restart();
      assertThat(registry.get("/v2/a/manifests/latest").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void whatIsInTheTrashMakesRoomAtOnce() throws IOException {
    try (RegistryFixture registry = open(8 << 20)) {
      Path trash = disk.resolve("root/blobs/trash/sha256-" + "0".repeat(64));
      Files.write(trash, random(30_000_000));
      registry.pushBlob("a", random(25_000_000));
      assertThat(trash).doesNotExist();
    }
  }

  /** Nobody asks for a collection, and the next automatic one would be in an hour. */
  @Test
  void garbageMakesRoomByItself() throws Exception {
    try (RegistryFixture registry =
        RegistryFixture.open(
            disk.resolve("root"),
            Map.of("limits.disk-reserve", "8MiB", "upkeep.gc.grace", "500ms"))) {
      Digest image = registry.pushImage("a", "latest", "needed");
      Digest unneeded = registry.pushBlob("a", random(25_000_000));
      byte[] content = random(24_000_000);
      String push = "/v2/b/blobs/uploads/?digest=" + Digest.of(content);
      HttpResponse<byte[]> answer = registry.send("POST", push, content);
      assertError(answer, 507, "UNAVAILABLE");
      for (int i = 0; i < 120 && answer.statusCode() == 507; i++) {
        Thread.sleep(250);
        answer = registry.send("POST", push, content);
      }
      assertThat(answer.statusCode()).isEqualTo(201);
      assertThat(registry.get("/v2/b/blobs/" + Digest.of(content)).body()).isEqualTo(content);
      assertThat(registry.head("/v2/a/blobs/" + unneeded).statusCode()).isEqualTo(404);
      assertThat(registry.get("/v2/a/manifests/" + image).statusCode()).isEqualTo(200);
      assertThat(registry.log()).anyMatch(l -> l.startsWith("the disk is full: garbage"));
    }
  }

  @Test
  void abandonedUploadsMakeRoomBeforeTheirTime() throws IOException {
    StorageSettings settings =
        new StorageSettings(
            disk.resolve("root"),
            Duration.ofHours(24),
            8 << 20,
            1 << 20,
            SparseManifests.REJECT,
            UpkeepSettings.defaults());
    RepositoryName repository = new RepositoryName("a");
    UploadId abandoned;
    try (DataRoot root = DataRoot.open(settings, Clock.systemUTC());
        UploadWriter upload = root.store().uploads().receive(repository, DigestAlgorithm.SHA256)) {
      abandoned = upload.id();
      upload.append(ByteBuffer.wrap(random(25_000_000)));
    }
    try (DataRoot root = DataRoot.open(settings, Clock.systemUTC());
        UploadWriter upload = root.store().uploads().receive(repository, DigestAlgorithm.SHA256)) {
      assertThatThrownBy(() -> upload.expect(25_000_000)).isInstanceOf(RegistryFault.class);
      assertThat(root.store().uploads().status(repository, abandoned).offset())
          .as("it may still go on")
          .isEqualTo(25_000_000);
    }
    Clock later = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(10));
    try (DataRoot root = DataRoot.open(settings, later);
        UploadWriter upload = root.store().uploads().receive(repository, DigestAlgorithm.SHA256)) {
      upload.expect(25_000_000);
      assertThatThrownBy(() -> root.store().uploads().status(repository, abandoned))
          .isInstanceOf(RegistryFault.class);
    }
  }

  /** No length is promised, so the disk fills up while the body comes. */
  private static void streamTooMuch(RegistryFixture registry) {
    String location = registry.startUpload("a");
    byte[] content = random(45_000_000);
    HttpResponse<byte[]> refused =
        registry.send(
            "PATCH",
            location,
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content)));
    assertError(refused, 507, "UNAVAILABLE");
    assertError(registry.get(location), 404, "BLOB_UPLOAD_UNKNOWN");
  }

  private long free() throws IOException {
    return Files.getFileStore(disk).getUsableSpace();
  }
}
