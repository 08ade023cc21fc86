package io.slipway.registry.http;

import static io.slipway.registry.http.RegistryFixture.assertError;
import static io.slipway.registry.http.RegistryFixture.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.image.model.Digest;
import io.slipway.registry.admin.AdminRequest;
import io.slipway.registry.admin.RegistryAdmin;
import io.slipway.registry.config.UpkeepSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uploads that a namespace has no room for are refused before they are stored. */
class QuotaHttpTest {
  private static final int TOO_MUCH = 2_000_000;

  @TempDir Path folder;
  private RegistryFixture registry;

  @BeforeEach
  void open() {
    registry = RegistryFixture.open(folder, Map.of("upkeep.quotas", "[team bytes=1m]"));
  }

  @AfterEach
  void close() {
    registry.close();
  }

  private long stored() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("blobs"))) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  @Test
  void whatSaysItsLengthIsNotEvenAskedFor() throws IOException {
    Digest digest = Digest.of(random(TOO_MUCH));
    for (String target :
        new String[] {
          "POST /v2/team/app/blobs/uploads/?digest=" + digest,
          "PATCH " + registry.startUpload("team/app"),
          "PUT " + registry.startUpload("team/app") + "?digest=" + digest
        }) {
      try (RawConnection raw = new RawConnection(registry.address())) {
        raw.send(
            target
                + " HTTP/1.1\nHost: x\nContent-Length: "
                + TOO_MUCH
                + "\nExpect: 100-continue\n\n");
        assertThat(raw.rest())
            .as(target)
            .startsWith("HTTP/1.1 403")
            .contains("DENIED", "the quota of namespace team is 1048576 bytes");
      }
    }
    registry.pushBlob("other", random(TOO_MUCH));
    assertThat(stored()).isEqualTo(TOO_MUCH);
  }

  @Test
  void whatIsStreamedEndsSoonAfterTheQuotaAndLeavesNothing() throws IOException {
    byte[] much = random(40_000_000);
    String upload = registry.startUpload("team/app");
    assertError(
        registry.send(
            "PATCH", upload, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(much))),
        403,
        "DENIED");
    assertError(registry.get(upload), 404, "BLOB_UPLOAD_UNKNOWN");
    assertThat(stored()).isZero();
  }

  @Test
  void whatWasFreedCanBeUsedAgain() throws Exception {
    byte[] first = random(700_000);
    byte[] second = random(700_001);
    registry.pushBlob("team/app", first);
    String push = "/v2/team/lib/blobs/uploads/?digest=" + Digest.of(second);
    assertError(registry.send("POST", push, second), 403, "DENIED");
    registry.pushBlob("team/app", first);
    registry.delete("/v2/team/app/blobs/" + Digest.of(first));
    RegistryAdmin.run(
        folder, UpkeepSettings.defaults(), new AdminRequest.Collect(false, "0"), line -> {});
    assertThat(registry.send("POST", push, second).statusCode()).isEqualTo(201);
  }
}
