package io.slipway.registry.http;

import static io.slipway.registry.http.RegistryFixture.assertError;
import static io.slipway.registry.http.RegistryFixture.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.model.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A wrong byte never leaves inside a complete 200, and a push repairs. */
class CorruptionHttpTest {
  private static final int LARGE = 300_000;

  @TempDir private Path folder;

  private RegistryFixture open(Duration trust) {
    return RegistryFixture.open(
        folder,
        Map.of(
            "upkeep.scrub.bytes-per-second", "0", "upkeep.scrub.trust", trust.toMillis() + "ms"));
  }

  private Path file(Digest digest) {
    return folder.resolve("blobs/sha256").resolve(digest.hex());
  }

  private Path quarantined(Digest digest) {
    return folder.resolve("blobs/quarantine").resolve("sha256-" + digest.hex());
  }

  private void flip(Digest digest) throws IOException {
    byte[] content = Files.readAllBytes(file(digest));
    content[content.length / 2] ^= 4;
    Files.write(file(digest), content);
  }

  private static void assertGone(RegistryFixture registry, Digest digest) {
    String address = "/v2/a/blobs/" + digest;
    assertError(registry.get(address), 404, "BLOB_UNKNOWN");
    assertThat(registry.head(address).statusCode()).isEqualTo(404);
    byte[] manifest =
        ("{\"schemaVersion\":2,\"config\":%1$s,\"layers\":[%1$s]}"
                .formatted(RegistryFixture.descriptor("a/b", digest, 1)))
            .getBytes();
    assertError(registry.putManifest("a", "bad", manifest), 400, "MANIFEST_BLOB_UNKNOWN");
    String mount = "/v2/b/blobs/uploads/?mount=" + digest + "&from=a";
    assertThat(registry.send("POST", mount).statusCode()).isEqualTo(202);
  }

  @Test
  void flippedSmallBlobIsQuarantinedAndRepairedByAPush() throws IOException {
    try (RegistryFixture registry = open(Duration.ofDays(1))) {
      byte[] content = random(1_000);
      Digest digest = registry.pushBlob("a", content);
      flip(digest);
      assertGone(registry, digest);
      assertThat(quarantined(digest)).exists();
      assertThat(registry.pushBlob("a", content)).isEqualTo(digest);
      assertThat(registry.get("/v2/a/blobs/" + digest).body()).isEqualTo(content);
    }
  }

  @Test
  void truncatedAndMissingLargeBlobsAreNoticedByTheirSize() throws IOException {
    try (RegistryFixture registry = open(Duration.ofDays(1))) {
      byte[] content = random(LARGE);
      Digest digest = registry.pushBlob("a", content);
      assertThat(registry.get("/v2/a/blobs/" + digest).body()).isEqualTo(content);
      Files.write(file(digest), Arrays.copyOf(content, LARGE - 1));
      assertGone(registry, digest);
      assertThat(quarantined(digest)).hasSize(LARGE - 1);
      registry.pushBlob("a", content);
      assertThat(registry.get("/v2/a/blobs/" + digest).body()).isEqualTo(content);
      Files.delete(file(digest));
      assertGone(registry, digest);
      registry.pushBlob("b", content);
      assertThat(registry.get("/v2/a/blobs/" + digest).body()).isEqualTo(content);
    }
  }

  @Test
  void flippedLargeBlobNeverLeavesWhole() throws IOException {
    try (RegistryFixture registry = open(Duration.ZERO)) {
      byte[] content = random(LARGE);
      Digest digest = registry.pushBlob("a", content);
      String address = "/v2/a/blobs/" + digest;
      assertThat(registry.get(address).body()).isEqualTo(content);
      assertThat(registry.get(address, "Range", "bytes=5-9").body())
          .isEqualTo(Arrays.copyOfRange(content, 5, 10));
      flip(digest);
      assertThatThrownBy(() -> registry.get(address)).hasRootCauseInstanceOf(IOException.class);
      assertGone(registry, digest);
      registry.pushBlob("a", content);
      assertThat(registry.get(address).body()).isEqualTo(content);
    }
  }

  @Test
  void damagedManifestIsUnknownUntilItIsPushedAgain() throws IOException {
    Digest digest;
    try (RegistryFixture registry = open(Duration.ofDays(1))) {
      digest = registry.pushImage("a", "v1", "an image");
    }
    flip(digest);
    try (RegistryFixture registry = open(Duration.ofDays(1))) {
      assertError(registry.get("/v2/a/manifests/v1"), 404, "MANIFEST_UNKNOWN");
      assertThat(quarantined(digest)).exists();
      assertError(registry.get("/v2/a/manifests/" + digest), 404, "MANIFEST_UNKNOWN");
      assertThat(registry.pushImage("a", "again", "an image")).isEqualTo(digest);
      assertThat(registry.get("/v2/a/manifests/v1").statusCode()).isEqualTo(200);
    }
  }
}
