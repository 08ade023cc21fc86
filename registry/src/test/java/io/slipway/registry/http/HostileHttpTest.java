package io.slipway.registry.http;

import static io.slipway.registry.http.RegistryFixture.assertError;
import static io.slipway.registry.http.RegistryFixture.header;
import static io.slipway.registry.http.RegistryFixture.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.image.model.Digest;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bad clients: every answer is an error in JSON, nothing leaves the data root, the server lives.
 */
class HostileHttpTest {
  @TempDir Path folder;
  private RegistryFixture registry;

  @BeforeEach
  void open() {
    registry = RegistryFixture.open(folder.resolve("root"));
  }

  @AfterEach
  void close() {
    assertThat(registry.get("/v2/").statusCode()).isEqualTo(200);
    registry.close();
  }

  private RawConnection connect() throws IOException {
    return new RawConnection(registry.address());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v2/../../etc/passwd",
        "/v2/a/../../blobs/uploads/",
        "/v2/a/%2e%2e/%2e%2e/manifests/x",
        "/v2/a/manifests/..%2f..%2fetc%2fpasswd",
        "/v2/a/manifests/%2e%2e",
        "/v2/a/blobs/sha256:../../../../etc/passwd",
        "/v2/a/blobs/uploads/..%2f..%2fx",
        "/v2/a/tags/list/",
        "/v2//tags/list",
        "/etc/passwd",
        "/",
        "/v2/a/manifests/a%0d%0aX:1",
        "/v2/%00/manifests/a",
        "/v2/a/manifests/%ff%fe",
        "http://elsewhere/v2/A/tags/list",
        "*",
        "/v2/a/b?x=/v2/",
      })
  void strangePaths(String target) throws IOException {
    try (RawConnection raw = connect()) {
      String answer =
          raw.send("GET " + target + " HTTP/1.1\nHost: x\nConnection: close\n\n").rest();
      assertThat(answer).startsWith("HTTP/1.1 40").contains("{\"errors\":[{\"code\":");
    }
  }

  @Test
  void longNamesTagsAndLines() throws IOException {
    assertError(registry.get("/v2/" + "a".repeat(400) + "/tags/list"), 400, "NAME_INVALID");
    assertError(registry.get("/v2/a/manifests/" + "t".repeat(129)), 400, "TAG_INVALID");
    try (RawConnection raw = connect()) {
      String answer = raw.send("GET /" + "a".repeat(70_000) + " HTTP/1.1\nHost: x\n\n").rest();
      assertThat(answer).matches("(?s)HTTP/1.. 414 .*").contains("\"errors\"");
    }
    try (RawConnection raw = connect()) {
      String answer = raw.send("GET /v2/ HTTP/1.1\nX: " + "a".repeat(70_000) + "\n\n").rest();
      assertThat(answer).matches("(?s)HTTP/1.. 431 .*").contains("\"errors\"");
    }
    try (RawConnection raw = connect()) {
      assertThat(raw.send("\u0001\u0002 nonsense\n\n").rest()).matches("(?s)HTTP/1.. 400 .*");
    }
  }

  @Test
  void randomPathsNeverBreakTheServer() {
    Random random = new Random(7);
    String[] parts = {
      "v2",
      "a",
      "B",
      "blobs",
      "manifests",
      "uploads",
      "tags",
      "list",
      "referrers",
      "_catalog",
      "",
      "..",
      "%2f",
      "sha256:" + "0".repeat(64),
      "sha512:0",
      "x%",
      "latest",
      "?n=1",
      "?last=%25",
    };
    for (int i = 0; i < 300; i++) {
      StringBuilder target = new StringBuilder();
      for (int j = random.nextInt(7); j >= 0; j--) {
        target.append('/').append(parts[random.nextInt(parts.length)].replace("x%", "x%25"));
      }
      String method = new String[] {"GET", "HEAD", "DELETE", "POST", "PUT", "PATCH"}[i % 6];
      HttpResponse<byte[]> answer = registry.send(method, "/v2" + target);
      assertThat(answer.statusCode()).as(method + " " + target).isLessThan(500);
      if (answer.statusCode() >= 400 && !method.equals("HEAD")) {
        assertThat(RegistryFixture.text(answer)).startsWith("{\"errors\"");
      }
    }
  }

  @Test
  void unknownMethods() {
    assertError(registry.send("OPTIONS", "/v2/"), 405, "UNSUPPORTED");
    assertError(registry.send("FOO", "/v2/a/tags/list"), 405, "UNSUPPORTED");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8})
  void cutConnectionsKeepWhatArrivedAndGoOn(int eighths) throws Exception {
    byte[] content = random(800_000);
    int sent = content.length * eighths / 8;
    String location = registry.startUpload("u");
    try (RawConnection raw = connect()) {
      raw.send("PATCH " + location + " HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n");
      if (sent > 0) {
        raw.send(Integer.toHexString(sent) + "\n").send(Arrays.copyOf(content, sent)).send("\n");
        // a request that the server sees only after the next one would be appended to that
        for (int i = 0; header(registry.get(location), "Range").equals("0-0"); i++) {
          assertThat(i).isLessThan(1_000);
          Thread.sleep(10);
        }
      }
    }
    byte[] whole = Arrays.copyOf(content, content.length + 1);
    assertThat(resume(location, whole)).isBetween(0, sent);
    String end = location + "?digest=" + Digest.of(whole);
    int status = registry.send("PUT", end).statusCode();
    for (int i = 0; status == 409 && i < 100; i++) {
      // the cut request is still being dealt with
      Thread.sleep(20);
      status = registry.send("PUT", end).statusCode();
    }
    assertThat(status).isEqualTo(201);
    assertThat(registry.get("/v2/u/blobs/" + Digest.of(whole)).body()).isEqualTo(whole);
  }

  /**
   * Sends the rest from where the server says it is, again while it still deals with the cut
   * request; the offset it went on from.
   */
  private int resume(String location, byte[] content) throws InterruptedException {
    HttpResponse<byte[]> answer = null;
    for (int i = 0; i < 100; i++) {
      int last = Integer.parseInt(header(registry.get(location), "Range").substring(2));
      int offset = last == 0 ? 0 : last + 1;
      answer =
          registry.send(
              "PATCH",
              location,
              Arrays.copyOfRange(content, offset, content.length),
              "Content-Range",
              offset + "-" + (content.length - 1));
      if (answer.statusCode() == 202) {
        return offset;
      }
      assertThat(answer.statusCode()).isIn(409, 416);
      Thread.sleep(20);
    }
    throw new AssertionError("the upload never went on: " + RegistryFixture.text(answer));
  }

  @Test
  void cutPutIsTakenBackSoThatItCanBeRepeated() throws Exception {
    byte[] content = random(500_000);
    String location = registry.startUpload("u");
    try (RawConnection raw = connect()) {
      raw.send(
              "PUT %s?digest=%s HTTP/1.1\nHost: x\nContent-Length: 500000\n\n"
                  .formatted(location, Digest.of(content)))
          .send(Arrays.copyOf(content, 200_000));
    }
    HttpResponse<byte[]> again;
    int tries = 0;
    do {
      Thread.sleep(20);
      again = registry.send("PUT", location + "?digest=" + Digest.of(content), content);
    } while (again.statusCode() == 409 && tries++ < 100);
    assertThat(again.statusCode()).isEqualTo(201);
  }

  @Test
  void cutMonolithicPushLeavesNothing() throws Exception {
    Digest digest = Digest.of(random(500_000));
    try (RawConnection raw = connect()) {
      raw.send(
              "POST /v2/u/blobs/uploads/?digest=%s HTTP/1.1\nHost: x\nContent-Length: 500000\n\n"
                  .formatted(digest))
          .send(Arrays.copyOf(random(500_000), 100_000));
      Thread.sleep(100);
      assertThat(files("blobs")).isPositive();
    }
    for (int i = 0; i < 100 && files("blobs") > 0; i++) {
      Thread.sleep(20);
    }
    assertThat(files("blobs")).isZero();
  }

  private long files(String name) throws IOException {
    try (var tree = Files.walk(folder.resolve("root").resolve(name))) {
      return tree.filter(Files::isRegularFile).count();
    }
  }

  @Test
  void twoWritersOfOneSessionNeverMix() throws Exception {
    byte[] content = random(100_000);
    String location = registry.startUpload("u");
    try (RawConnection slow = connect()) {
      slow.send("PATCH " + location + " HTTP/1.1\nHost: x\nContent-Length: 100000\n\n")
          .send(Arrays.copyOf(content, 50_000));
      HttpResponse<byte[]> second;
      int tries = 0;
      do {
        Thread.sleep(20);
        second = registry.send("PATCH", location, new byte[0]);
      } while (second.statusCode() == 202 && tries++ < 100);
      assertError(second, 409, "BLOB_UPLOAD_INVALID");
      assertError(registry.delete(location), 409, "BLOB_UPLOAD_INVALID");
      assertError(
          registry.send("PUT", location + "?digest=" + Digest.of(content), content),
          409,
          "BLOB_UPLOAD_INVALID");
      slow.send(Arrays.copyOfRange(content, 50_000, 100_000));
      assertThat(slow.statusLine()).startsWith("HTTP/1.1 202");
    }
    assertThat(registry.send("PUT", location + "?digest=" + Digest.of(content)).statusCode())
        .isEqualTo(201);
  }

  @Test
  void lyingLengths() throws IOException {
    String location = registry.startUpload("u");
    for (String lie :
        new String[] {
          "Content-Length: -1",
          "Content-Length: x",
          "Content-Length: 1\nContent-Length: 2",
          "Content-Length: 99999999999999999999",
          "Transfer-Encoding: bogus",
        }) {
      try (RawConnection raw = connect()) {
        String answer =
            raw.send("PATCH " + location + " HTTP/1.1\nHost: x\n" + lie + "\n\n").rest();
        assertThat(answer)
            .as(lie)
            .satisfiesAnyOf(
                a -> assertThat(a).isEmpty(), a -> assertThat(a).startsWith("HTTP/1.1 4"));
      }
    }
    try (RawConnection raw = connect()) {
      raw.send("PATCH " + location + " HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\nzz\n");
      assertThat(raw.rest())
          .satisfiesAnyOf(
              a -> assertThat(a).isEmpty(), a -> assertThat(a).startsWith("HTTP/1.1 4"));
    }
    assertThat(registry.get(location).statusCode()).isEqualTo(204);
  }

  @Test
  void pipelinedRequestsAfterAnUnreadBodyAreAnsweredInOrder() throws IOException {
    String absent = "/v2/u/blobs/uploads/00000000-0000-0000-0000-000000000000";
    try (RawConnection raw = connect()) {
      raw.send("PATCH " + absent + " HTTP/1.1\nHost: x\nContent-Length: 100000\n\n")
          .send(new byte[100_000])
          .send("GET /v2/ HTTP/1.1\nHost: x\n\n");
      assertThat(raw.answer()).startsWith("HTTP/1.1 404").contains("BLOB_UPLOAD_UNKNOWN");
      assertThat(raw.answer()).startsWith("HTTP/1.1 200").endsWith("{}");
    }
  }

  @Test
  void refusedBodyIsNotAskedFor() throws IOException {
    String absent = "/v2/u/blobs/uploads/00000000-0000-0000-0000-000000000000";
    try (RawConnection raw = connect()) {
      raw.send(
          "PATCH " + absent + " HTTP/1.1\nHost: x\nContent-Length: 5\nExpect: 100-continue\n\n");
      String answer = raw.rest();
      assertThat(answer).startsWith("HTTP/1.1 404").contains("Connection: close");
    }
    String location = registry.startUpload("u");
    try (RawConnection raw = connect()) {
      raw.send(
          "PATCH " + location + " HTTP/1.1\nHost: x\nContent-Length: 5\nExpect: 100-continue\n\n");
      assertThat(raw.answer()).startsWith("HTTP/1.1 100");
      raw.send("hello");
      assertThat(raw.answer()).startsWith("HTTP/1.1 202").contains("Range: 0-4");
    }
  }

  @Test
  void hugeUnwantedBodyCostsTheConnection() throws IOException {
    String absent = "/v2/u/blobs/uploads/00000000-0000-0000-0000-000000000000";
    try (RawConnection raw = connect()) {
      raw.send("PATCH " + absent + " HTTP/1.1\nHost: x\nContent-Length: 1000000000\n\n");
      byte[] piece = new byte[1 << 20];
      int sent = 0;
      try {
        for (; sent < 200; sent++) {
          raw.send(piece);
        }
      } catch (IOException expected) {
        assertThat(sent).isLessThan(200);
      }
      assertThat(sent).isLessThan(200);
    }
  }

  @Test
  void silentConnectionsAreClosed() throws Exception {
    registry.close();
    registry = RegistryFixture.open(folder.resolve("root"), Map.of("limits.connection-idle", "1s"));
    String location = registry.startUpload("u");
    try (RawConnection idle = connect();
        RawConnection stuck = connect()) {
      stuck.send("PATCH " + location + " HTTP/1.1\nHost: x\nContent-Length: 5\n\nab");
      assertThat(idle.rest()).isEmpty();
      stuck.rest();
    }
    assertThat(resume(location, random(5))).isEqualTo(2);
  }

  @Test
  void fullReserveRefusesUploadsAndServesReads() {
    Digest held = registry.pushBlob("u", random(100));
    registry.close();
    registry =
        RegistryFixture.open(folder.resolve("root"), Map.of("limits.disk-reserve", "4000000TiB"));
    assertError(registry.send("POST", "/v2/u/blobs/uploads/"), 507, "UNAVAILABLE");
    assertError(
        registry.send("POST", "/v2/u/blobs/uploads/?digest=" + held, random(100)),
        507,
        "UNAVAILABLE");
    assertThat(registry.get("/v2/u/blobs/" + held).body()).isEqualTo(random(100));
  }
}
