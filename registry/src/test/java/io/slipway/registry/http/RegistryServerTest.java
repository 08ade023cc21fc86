package io.slipway.registry.http;

import static io.slipway.registry.http.RegistryFixture.assertError;
import static io.slipway.registry.http.RegistryFixture.header;
import static io.slipway.registry.http.RegistryFixture.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.registry.config.ListenAddress;
import io.slipway.registry.config.RegistrySettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of a server: what it opens, refuses to open, reports and leaves behind. */
class RegistryServerTest {
  @TempDir Path folder;

  private static RegistrySettings config(Path root, ListenAddress address) {
    return RegistrySettings.of(address, root);
  }

  @Test
  void takenPortIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ListenAddress address = new ListenAddress("127.0.0.1", taken.getLocalPort());
      assertThatThrownBy(() -> RegistryServer.open(config(folder, address), line -> {}))
          .isInstanceOfSatisfying(
              SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFLICT))
          .hasMessage(
              "cannot listen on " + address + ": the address is in use, choose another port");
    }
    // nothing was left locked
    RegistryFixture.open(folder).close();
  }

  @Test
  void addressThatIsNotOursIsNamed() {
    assertThatThrownBy(() ->
            RegistryServer.open(config(folder, new ListenAddress("192.0.2.1", 0)), line -> {}))
        .isInstanceOf(SlipwayException.class)
        .hasMessageStartingWith("cannot listen on 192.0.2.1:0: ");
  }

  @Test
  void dataRootInUseIsNamed() {
    try (RegistryFixture first = RegistryFixture.open(folder)) {
      assertThatThrownBy(() -> RegistryFixture.open(folder))
          .isInstanceOfSatisfying(
              SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFLICT))
          .hasMessageContaining("data root " + folder + " is in use by this process");
      assertThat(first.get("/v2/").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void dataRootThatCannotBeMadeIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    assertThatThrownBy(() -> RegistryFixture.open(file.resolve("root")))
        .isInstanceOf(SlipwayException.class)
        .hasMessageContaining("cannot use data root " + file.resolve("root"));
  }

  @Test
  void lostMetadataIsNoticedBeforeAnythingIsServed() throws IOException {
    try (RegistryFixture registry = RegistryFixture.open(folder)) {
      registry.pushImage("a/b", "latest", "x");
    }
    for (String end : List.of("", "-wal", "-shm")) {
      Files.deleteIfExists(folder.resolve("metadata.db" + end));
    }
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> RegistryFixture.open(folder))
          .isInstanceOf(SlipwayException.class)
          .hasMessageContaining("slipway registry fsck --rebuild --data-root " + folder);
    }
  }

  @Test
  void everythingPushedOutlivesARestart() {
    try (RegistryFixture registry = RegistryFixture.open(folder)) {
      Digest digest = registry.pushImage("a/b", "latest", "x");
      Digest blob = registry.pushBlob("a/b", random(100_000));
      registry.restart();
      assertThat(header(registry.get("/v2/a/b/manifests/latest"), "Docker-Content-Digest"))
          .isEqualTo(digest.toString());
      assertThat(registry.get("/v2/a/b/blobs/" + blob).body()).isEqualTo(random(100_000));
    }
  }

  @Test
  void closingLetsRequestsUnderWayEnd() throws Exception {
    byte[] content = random(200_000);
    RegistryFixture registry = RegistryFixture.open(folder);
    try (RawConnection upload = new RawConnection(registry.address())) {
      upload
          .send(
              "POST /v2/a/blobs/uploads/?digest=%s HTTP/1.1\nHost: x\nContent-Length: 200000\n\n"
                  .formatted(Digest.of(content)))
          .send(Arrays.copyOf(content, 100_000));
      Thread.sleep(200);
      Thread closing = Thread.startVirtualThread(registry::close);
      Thread.sleep(200);
      upload.send(Arrays.copyOfRange(content, 100_000, 200_000));
      assertThat(upload.statusLine()).isEqualTo("HTTP/1.1 201 Created");
      closing.join();
    }
    try (RegistryFixture again = RegistryFixture.open(folder)) {
      assertThat(again.get("/v2/a/blobs/" + Digest.of(content)).body()).isEqualTo(content);
    }
  }

  @Test
  void aDrainingServerSaysSoWhileItGoesOnAnswering() throws Exception {
    RegistryFixture registry = RegistryFixture.open(folder, Map.of("limits.drain-delay", "2s"));
    Digest image = registry.pushImage("a", "latest", "x");
    assertThat(registry.get("/healthz/ready").statusCode()).isEqualTo(200);
    try (RawConnection open = new RawConnection(registry.address())) {
      Thread closing = Thread.startVirtualThread(registry::close);
      for (int i = 0; answer(registry, "/healthz/ready").startsWith("HTTP/1.1 200"); i++) {
        assertThat(i).isLessThan(200);
        Thread.sleep(5);
      }
      assertThat(answer(registry, "/healthz/ready"))
          .startsWith("HTTP/1.1 503")
          .contains("not ready");
      assertThat(answer(registry, "/healthz/live")).startsWith("HTTP/1.1 200");
      assertThat(answer(registry, "/v2/a/manifests/" + image)).startsWith("HTTP/1.1 200");
      open.send("GET /v2/a/manifests/latest HTTP/1.1\nHost: x\n\n");
      assertThat(open.statusLine()).as("a connection from before").startsWith("HTTP/1.1 200");
      closing.join();
    }
    assertThatThrownBy(() -> new RawConnection(registry.address())).isInstanceOf(IOException.class);
    RegistryFixture.open(folder).close();
  }

  /** By a connection of its own, which a draining server still takes. */
  private static String answer(RegistryFixture registry, String target) throws IOException {
    try (RawConnection raw = new RawConnection(registry.address())) {
      return raw.send("GET " + target + " HTTP/1.1\nHost: x\nConnection: close\n\n").rest();
    }
  }

  @Test
  void accessLogHasOneHonestLinePerRequest() {
    List<String> lines;
    try (RegistryFixture registry = RegistryFixture.open(folder, Map.of("log.access", "true"))) {
      registry.get("/v2/");
      registry.get("/v2/a/tags/list?x=%0a");
      registry.restart();
      lines = new ArrayList<>(registry.log());
    }
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0))
        .matches("time=\\S+ client=127.0.0.1 method=GET uri=\"/v2/\" status=200 bytes=2 us=\\d+");
    assertThat(lines.get(1)).contains("uri=\"/v2/a/tags/list?x=%0a\" status=404");
  }

  @Test
  void basicAuthentication() throws IOException {
    byte[] salt = "0123456789abcdef".getBytes(StandardCharsets.UTF_8);
    Path users = folder.resolve("users");
    Files.writeString(
        users, "ann:" + OpenBSDBCrypt.generate("2y", "secret".toCharArray(), salt, 4) + "\n");
    try (RegistryFixture registry =
        RegistryFixture.open(
            folder.resolve("root"),
            Map.of("auth.htpasswd", users.toString(), "auth.realm", "our registry"))) {
      String ann = "Basic " + Base64.getEncoder().encodeToString("ann:secret".getBytes());
      String eve = "Basic " + Base64.getEncoder().encodeToString("eve:secret".getBytes());
      assertError(registry.get("/v2/"), 401, "UNAUTHORIZED");
      assertThat(header(registry.get("/v2/"), "WWW-Authenticate"))
          .isEqualTo("Basic realm=\"our registry\"");
      assertError(registry.get("/v2/", "Authorization", eve), 401, "UNAUTHORIZED");
      for (int i = 0; i < 3; i++) {
        assertThat(registry.get("/v2/", "Authorization", ann).statusCode()).isEqualTo(200);
      }
      assertError(
          registry.send("POST", "/v2/a/blobs/uploads/?digest=" + Digest.of(random(5)), random(5)),
          401,
          "UNAUTHORIZED");
      assertThat(
              registry
                  .send(
                      "POST",
                      "/v2/a/blobs/uploads/?digest=" + Digest.of(random(5)),
                      random(5),
                      "Authorization",
                      ann)
                  .statusCode())
          .isEqualTo(201);
      assertError(registry.get("/v2/_catalog"), 401, "UNAUTHORIZED");
      assertThat(RegistryFixture.text(registry.get("/v2/_catalog", "Authorization", ann)))
          .isEqualTo("{\"repositories\":[\"a\"]}");
    }
  }
}
