package io.slipway.registry.http;

import static io.slipway.registry.http.RegistryFixture.assertError;
import static io.slipway.registry.http.RegistryFixture.header;
import static io.slipway.registry.http.RegistryFixture.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UploadHttpTest {
  @TempDir Path folder;
  private RegistryFixture registry;

  @BeforeEach
  void open() {
    registry = RegistryFixture.open(folder);
  }

  @AfterEach
  void close() throws IOException {
    registry.close();
  }

  private static BodyPublisher streamed(byte[] content) {
    return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content));
  }

  @Test
  void startAnswersWithTheSession() {
    for (String target : new String[] {"/v2/u/blobs/uploads/", "/v2/u/blobs/uploads"}) {
      HttpResponse<byte[]> started = registry.send("POST", target);
      assertThat(started.statusCode()).isEqualTo(202);
      String id = header(started, "Docker-Upload-UUID");
      assertThat(header(started, "Location")).isEqualTo("/v2/u/blobs/uploads/" + id);
      assertThat(header(started, "Range")).isEqualTo("0-0");
      assertThat(header(started, "Content-Length")).isEqualTo("0");
      HttpResponse<byte[]> status = registry.get(header(started, "Location"));
      assertThat(status.statusCode()).isEqualTo(204);
      assertThat(header(status, "Range")).isEqualTo("0-0");
      assertThat(header(status, "Docker-Upload-UUID")).isEqualTo(id);
    }
  }

  @ParameterizedTest
  @EnumSource
  void postThenPut(DigestAlgorithm algorithm) {
    byte[] content = random(100_000);
    HttpResponse<byte[]> done = put(registry.startUpload("u"), content, algorithm);
    verify(done, content);
  }

  private HttpResponse<byte[]> put(String location, byte[] body, DigestAlgorithm algorithm) {
    return registry.send("PUT", location + "?digest=" + Digest.of(algorithm, body), body);
  }

  private void verify(HttpResponse<byte[]> done, byte[] content) {
    assertThat(done.statusCode()).as(RegistryFixture.text(done)).isEqualTo(201);
    assertThat(header(done, "Location")).startsWith("/v2/u/blobs/sha");
    assertThat(header(done, "Location")).endsWith(header(done, "Docker-Content-Digest"));
    assertThat(registry.get(header(done, "Location")).body()).isEqualTo(content);
  }

  @ParameterizedTest
  @EnumSource
  void streamedAsDockerDoes(DigestAlgorithm algorithm) {
    byte[] content = random(3_000_000);
    String location = registry.startUpload("u");
    HttpResponse<byte[]> patched = registry.send("PATCH", location, streamed(content));
    assertThat(patched.statusCode()).isEqualTo(202);
    assertThat(header(patched, "Range")).isEqualTo("0-2999999");
    String target = header(patched, "Location") + "?digest=" + Digest.of(algorithm, content);
    verify(registry.send("PUT", target, new byte[0]), content);
    assertError(registry.get(location), 404, "BLOB_UPLOAD_UNKNOWN");
  }

  @Test
  void chunksWithRanges() {
    byte[] content = random(1_000);
    String location = registry.startUpload("u");
    HttpResponse<byte[]> first = chunk(location, content, 0, 300);
    assertThat(first.statusCode()).isEqualTo(202);
    assertThat(header(first, "Range")).isEqualTo("0-299");
    assertThat(header(registry.get(location), "Range")).isEqualTo("0-299");
    assertThat(chunk(location, content, 300, 700).statusCode()).isEqualTo(202);
    HttpResponse<byte[]> last =
        registry.send(
            "PUT",
            location + "?digest=" + Digest.of(content),
            Arrays.copyOfRange(content, 700, 1_000),
            "Content-Range",
            "700-999");
    verify(last, content);
  }

  private HttpResponse<byte[]> chunk(String location, byte[] content, int from, int to) {
    return registry.send(
        "PATCH",
        location,
        Arrays.copyOfRange(content, from, to),
        "Content-Range",
        from + "-" + (to - 1));
  }

  @Test
  void chunksOutOfOrderAreRefusedAndChangeNothing() {
    byte[] content = random(1_000);
    String location = registry.startUpload("u");
    assertThat(chunk(location, content, 0, 400).statusCode()).isEqualTo(202);
    for (int start : new int[] {0, 399, 401, 800}) {
      HttpResponse<byte[]> refused = chunk(location, content, start, start + 100);
      assertError(refused, 416, "RANGE_INVALID");
      assertThat(header(refused, "Location")).isEqualTo(location);
      assertThat(header(refused, "Range")).isEqualTo("0-399");
    }
    String finish = location + "?digest=" + Digest.of(content);
    assertError(
        registry.send("PUT", finish, new byte[200], "Content-Range", "800-999"),
        416,
        "RANGE_INVALID");
    assertThat(chunk(location, content, 400, 1_000).statusCode()).isEqualTo(202);
    verify(registry.send("PUT", finish), content);
  }

  @Test
  void rangesThatLieAboutTheBodyAreTakenBack() {
    byte[] content = random(1_000);
    String location = registry.startUpload("u");
    assertThat(chunk(location, content, 0, 400).statusCode()).isEqualTo(202);
    byte[] rest = Arrays.copyOfRange(content, 400, 1_000);
    assertError(
        registry.send("PATCH", location, rest, "Content-Range", "400-500"), 400, "SIZE_INVALID");
    assertError(
        registry.send("PATCH", location, streamed(rest), "Content-Range", "400-2000"),
        400,
        "SIZE_INVALID");
    assertError(registry.send("PATCH", location, rest, "Content-Range", "x"), 400, "SIZE_INVALID");
    assertThat(header(registry.get(location), "Range")).isEqualTo("0-399");
    assertThat(chunk(location, content, 400, 1_000).statusCode()).isEqualTo(202);
    verify(registry.send("PUT", location + "?digest=" + Digest.of(content)), content);
  }

  @Test
  void wrongDigestEndsTheSession() throws IOException {
    byte[] content = random(1_000);
    Digest wrong = Digest.of(new byte[] {1});
    assertError(
        registry.send("POST", "/v2/u/blobs/uploads/?digest=" + wrong, content),
        400,
        "DIGEST_INVALID");
    String put = registry.startUpload("u");
    assertError(registry.send("PUT", put + "?digest=" + wrong, content), 400, "DIGEST_INVALID");
    assertError(registry.get(put), 404, "BLOB_UPLOAD_UNKNOWN");
    String patched = registry.startUpload("u");
    registry.send("PATCH", patched, streamed(content));
    assertError(registry.send("PUT", patched + "?digest=" + wrong), 400, "DIGEST_INVALID");
    assertError(registry.send("PUT", patched + "?digest=" + wrong), 404, "BLOB_UPLOAD_UNKNOWN");
    assertThat(registry.head("/v2/u/blobs/" + wrong).statusCode()).isEqualTo(404);
    assertThat(leftovers()).isZero();
  }

  @Test
  void malformedDigestKeepsTheSession() {
    byte[] content = random(10);
    String location = registry.startUpload("u");
    registry.send("PATCH", location, content);
    for (String query : new String[] {"", "?digest=", "?digest=sha256:zz", "?digest=md5:00"}) {
      assertError(registry.send("PUT", location + query), 400, "DIGEST_INVALID");
    }
    verify(registry.send("PUT", location + "?digest=" + Digest.of(content)), content);
  }

  @Test
  void digestAlgorithm() {
    byte[] content = random(10_000);
    String target = "/v2/u/blobs/uploads/?digest-algorithm=";
    HttpResponse<byte[]> started = registry.send("POST", target + "sha512");
    assertThat(started.statusCode()).isEqualTo(202);
    String location = header(started, "Location");
    registry.send("PATCH", location, content);
    Digest digest = Digest.of(DigestAlgorithm.SHA512, content);
    verify(registry.send("PUT", location + "?digest=" + digest), content);
    assertError(registry.send("POST", target + "md5"), 400, "DIGEST_INVALID");
  }

  @Test
  void cancel() throws IOException {
    String location = registry.startUpload("u");
    registry.send("PATCH", location, random(1_000));
    assertThat(registry.delete(location).statusCode()).isEqualTo(204);
    assertError(registry.delete(location), 404, "BLOB_UPLOAD_UNKNOWN");
    assertError(registry.get(location), 404, "BLOB_UPLOAD_UNKNOWN");
    assertError(registry.send("PATCH", location, random(5)), 404, "BLOB_UPLOAD_UNKNOWN");
    assertThat(leftovers()).isZero();
  }

  @Test
  void sessionBelongsToItsRepository() {
    String location = registry.startUpload("u");
    String elsewhere = location.replace("/v2/u/", "/v2/v/");
    assertError(registry.get(elsewhere), 404, "BLOB_UPLOAD_UNKNOWN");
    assertError(registry.send("PATCH", elsewhere, random(5)), 404, "BLOB_UPLOAD_UNKNOWN");
    assertError(registry.delete(elsewhere), 404, "BLOB_UPLOAD_UNKNOWN");
    assertThat(registry.get(location).statusCode()).isEqualTo(204);
    assertError(registry.get("/v2/u/blobs/uploads/xyz"), 404, "BLOB_UPLOAD_UNKNOWN");
    assertError(
        registry.get("/v2/u/blobs/uploads/" + java.util.UUID.randomUUID()),
        404,
        "BLOB_UPLOAD_UNKNOWN");
  }

  @Test
  void sessionOutlivesTheServer() {
    byte[] content = random(500_000);
    String location = registry.startUpload("u");
    registry.send("PATCH", location, Arrays.copyOf(content, 200_000));
    registry.restart();
    assertThat(header(registry.get(location), "Range")).isEqualTo("0-199999");
    registry.restart();
    assertThat(chunk(location, content, 200_000, 500_000).statusCode()).isEqualTo(202);
    verify(registry.send("PUT", location + "?digest=" + Digest.of(content)), content);
  }

  @Test
  void manyWritersOfOneDigestAllSucceed() throws Exception {
    byte[] content = random(300_000);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var pushes =
          IntStream.range(0, 8)
              .mapToObj(i -> threads.submit(() -> registry.pushBlob("r" + i, content)))
              .toList();
      for (Future<Digest> push : pushes) {
        assertThat(push.get()).isEqualTo(Digest.of(content));
      }
    }
    for (int i = 0; i < 8; i++) {
      assertThat(registry.get("/v2/r" + i + "/blobs/" + Digest.of(content)).body())
          .isEqualTo(content);
    }
    assertThat(leftovers()).isZero();
  }

  /** Files of unfinished uploads. */
  private long leftovers() throws IOException {
    try (var tree = Files.walk(folder.resolve("blobs"))) {
      return tree.filter(Files::isRegularFile)
          .filter(p -> !p.getFileName().toString().matches("[0-9a-f]{64}|[0-9a-f]{128}"))
          .count();
    }
  }
}
