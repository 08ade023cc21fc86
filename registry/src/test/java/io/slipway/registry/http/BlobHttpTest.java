package io.slipway.registry.http;

import static io.slipway.registry.http.RegistryFixture.assertError;
import static io.slipway.registry.http.RegistryFixture.header;
import static io.slipway.registry.http.RegistryFixture.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlobHttpTest {
  private static final int LARGE = 3_000_000;

  @TempDir Path folder;
  private RegistryFixture registry;

  @BeforeEach
  void open() {
    registry = RegistryFixture.open(folder);
  }

  @AfterEach
  void close() {
    registry.close();
  }

  @Test
  void versionCheck() {
    HttpResponse<byte[]> answer = registry.get("/v2/");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{}".getBytes());
    assertThat(header(answer, "Docker-Distribution-Api-Version")).isEqualTo("registry/2.0");
    HttpResponse<byte[]> head = registry.head("/v2/");
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(header(head, "Content-Length")).isEqualTo("2");
    assertThat(head.body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2_048, 65_536, 65_537, LARGE})
  void blobsComeBackAsTheyWerePushed(int size) {
    byte[] content = random(size);
    Digest digest = registry.pushBlob("a/b", content);
    for (int i = 0; i < 2; i++) {
      HttpResponse<byte[]> got = registry.get("/v2/a/b/blobs/" + digest);
      assertThat(got.statusCode()).isEqualTo(200);
      assertThat(got.body()).isEqualTo(content);
      describes(got, digest, size);
      HttpResponse<byte[]> head = registry.head("/v2/a/b/blobs/" + digest);
      assertThat(head.statusCode()).isEqualTo(200);
      assertThat(head.body()).isEmpty();
      describes(head, digest, size);
    }
  }

  private static void describes(HttpResponse<byte[]> answer, Digest digest, int size) {
    assertThat(header(answer, "Content-Length")).isEqualTo("" + size);
    assertThat(header(answer, "Content-Type")).isEqualTo("application/octet-stream");
    assertThat(header(answer, "Docker-Content-Digest")).isEqualTo(digest.toString());
    assertThat(header(answer, "ETag")).isEqualTo("\"" + digest + "\"");
    assertThat(header(answer, "Accept-Ranges")).isEqualTo("bytes");
    assertThat(header(answer, "Cache-Control")).isEqualTo("max-age=31536000");
  }

  @Test
  void unknownAndMalformed() {
    Digest digest = Digest.of(new byte[0]);
    assertError(registry.get("/v2/a/b/blobs/" + digest), 404, "BLOB_UNKNOWN");
    assertThat(registry.head("/v2/a/b/blobs/" + digest).statusCode()).isEqualTo(404);
    assertError(registry.delete("/v2/a/b/blobs/" + digest), 404, "BLOB_UNKNOWN");
    assertError(registry.get("/v2/a/b/blobs/sha256:zz"), 400, "DIGEST_INVALID");
    assertError(registry.get("/v2/a/b/blobs/md5:" + "0".repeat(32)), 400, "DIGEST_INVALID");
    assertError(registry.get("/v2/A/blobs/" + digest), 400, "NAME_INVALID");
    assertError(registry.send("PUT", "/v2/a/b/blobs/" + digest), 405, "UNSUPPORTED");
    assertThat(header(registry.send("PUT", "/v2/a/b/blobs/" + digest), "Allow"))
        .isEqualTo("DELETE, GET, HEAD");
  }

  @Test
  void anotherRepositoryDoesNotSeeIt() {
    Digest digest = registry.pushBlob("a", random(10));
    assertError(registry.get("/v2/b/blobs/" + digest), 404, "BLOB_UNKNOWN");
  }

  @ParameterizedTest
  @ValueSource(ints = {2_048, LARGE})
  void ranges(int size) {
    byte[] content = random(size);
    String target = "/v2/r/blobs/" + registry.pushBlob("r", content);
    part(target, "bytes=500-1499", content, 500, 1_500);
    part(target, "bytes=500-", content, 500, size);
    part(target, "bytes=-500", content, size - 500, size);
    part(target, "bytes=" + (size - 48) + "-" + 2 * size, content, size - 48, size);
    part(target, "bytes=0-0", content, 0, 1);
    for (String none : new String[] {"bytes=" + size + "-", "bytes=500-0", "bytes=-0"}) {
      HttpResponse<byte[]> answer = registry.get(target, "Range", none);
      assertError(answer, 416, "RANGE_INVALID");
      assertThat(header(answer, "Content-Range")).isEqualTo("bytes */" + size);
    }
    HttpResponse<byte[]> several = registry.get(target, "Range", "bytes=0-1,3-4");
    assertThat(several.statusCode()).isEqualTo(200);
    assertThat(several.body()).isEqualTo(content);
    assertThat(registry.head(target, "Range", "bytes=0-1").statusCode()).isEqualTo(200);
  }

  private void part(String target, String range, byte[] content, int from, int to) {
    HttpResponse<byte[]> answer = registry.get(target, "Range", range);
    assertThat(answer.statusCode()).isEqualTo(206);
    assertThat(answer.body()).isEqualTo(Arrays.copyOfRange(content, from, to));
    assertThat(header(answer, "Content-Length")).isEqualTo("" + (to - from));
    assertThat(header(answer, "Content-Range"))
        .isEqualTo("bytes " + from + "-" + (to - 1) + "/" + content.length);
  }

  @Test
  void ifRangeOfOtherContentMakesTheRangeVoid() {
    Digest digest = registry.pushBlob("r", random(100));
    String target = "/v2/r/blobs/" + digest;
    HttpResponse<byte[]> other =
        registry.get(target, "Range", "bytes=0-9", "If-Range", "\"sha256:0\"");
    assertThat(other.statusCode()).isEqualTo(200);
    HttpResponse<byte[]> same =
        registry.get(target, "Range", "bytes=0-9", "If-Range", "\"" + digest + "\"");
    assertThat(same.statusCode()).isEqualTo(206);
  }

  @Test
  void notModified() {
    Digest digest = registry.pushBlob("r", random(100));
    HttpResponse<byte[]> answer =
        registry.get("/v2/r/blobs/" + digest, "If-None-Match", "\"" + digest + "\"");
    assertThat(answer.statusCode()).isEqualTo(304);
    assertThat(answer.body()).isEmpty();
    assertThat(registry.get("/v2/r/blobs/" + digest, "If-None-Match", "\"x\"").statusCode())
        .isEqualTo(200);
  }

  @Test
  void deleteTakesEffectAtOnceAndInOneRepositoryOnly() {
    Digest digest = registry.pushBlob("a", random(10));
    registry.pushBlob("b", random(10));
    assertThat(registry.get("/v2/a/blobs/" + digest).statusCode()).isEqualTo(200);
    assertThat(registry.delete("/v2/a/blobs/" + digest).statusCode()).isEqualTo(202);
    assertThat(registry.head("/v2/a/blobs/" + digest).statusCode()).isEqualTo(404);
    assertThat(registry.get("/v2/a/blobs/" + digest).statusCode()).isEqualTo(404);
    assertThat(registry.delete("/v2/a/blobs/" + digest).statusCode()).isEqualTo(404);
    assertThat(registry.get("/v2/b/blobs/" + digest).statusCode()).isEqualTo(200);
  }

  @Test
  void damagedBlobsAreNotServedAndHealByPushingAgain() throws IOException {
    for (int size : new int[] {1_000, LARGE}) {
      byte[] content = random(size);
      Digest digest = registry.pushBlob("d", content);
      Path file = blobFile(digest);
      Files.write(file, Arrays.copyOf(content, size - 1));
      assertError(registry.get("/v2/d/blobs/" + digest), 404, "BLOB_UNKNOWN");
      assertThat(registry.head("/v2/d/blobs/" + digest).statusCode()).isEqualTo(404);
      registry.pushBlob("d", content);
      assertThat(registry.get("/v2/d/blobs/" + digest).body()).isEqualTo(content);
      Files.delete(file);
      registry.restart();
      assertError(registry.get("/v2/d/blobs/" + digest), 404, "BLOB_UNKNOWN");
      registry.pushBlob("d", content);
      assertThat(registry.get("/v2/d/blobs/" + digest).body()).isEqualTo(content);
    }
  }

  @Test
  void flippedBitInASmallBlobIsNoticed() throws IOException {
    byte[] content = random(1_000);
    Digest digest = registry.pushBlob("d", content);
    byte[] flipped = content.clone();
    flipped[500] ^= 1;
    Files.write(blobFile(digest), flipped);
    assertError(registry.get("/v2/d/blobs/" + digest), 404, "BLOB_UNKNOWN");
  }

  private Path blobFile(Digest digest) throws IOException {
    try (var tree = Files.walk(folder.resolve("blobs"))) {
      return tree.filter(p -> p.getFileName().toString().equals(digest.hex()))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void sha512() {
    byte[] content = random(5_000);
    Digest digest = Digest.of(DigestAlgorithm.SHA512, content);
    HttpResponse<byte[]> pushed =
        registry.send("POST", "/v2/s/blobs/uploads/?digest=" + digest, content);
    assertThat(pushed.statusCode()).isEqualTo(201);
    assertThat(registry.get(header(pushed, "Location")).body()).isEqualTo(content);
  }

  @Test
  void mounting() {
    Digest digest = registry.pushBlob("from/here", random(10));
    String uploads = "/v2/to/there/blobs/uploads/?mount=" + digest;
    HttpResponse<byte[]> wrong = registry.send("POST", uploads + "&from=not/here");
    assertThat(wrong.statusCode()).isEqualTo(202);
    assertThat(header(wrong, "Docker-Upload-UUID")).isNotNull();
    HttpResponse<byte[]> mounted = registry.send("POST", uploads + "&from=from/here");
    assertThat(mounted.statusCode()).isEqualTo(201);
    assertThat(header(mounted, "Docker-Content-Digest")).isEqualTo(digest.toString());
    assertThat(header(mounted, "Location")).isEqualTo("/v2/to/there/blobs/" + digest);
    assertThat(registry.get("/v2/to/there/blobs/" + digest).body()).isEqualTo(random(10));
    HttpResponse<byte[]> anonymous =
        registry.send("POST", "/v2/any/blobs/uploads/?mount=" + digest);
    assertThat(anonymous.statusCode()).isEqualTo(201);
    Digest never = Digest.of(new byte[] {9});
    assertThat(registry.send("POST", "/v2/any/blobs/uploads/?mount=" + never).statusCode())
        .isEqualTo(202);
    assertError(
        registry.send("POST", "/v2/any/blobs/uploads/?mount=sha256:zz"), 400, "DIGEST_INVALID");
  }
}
