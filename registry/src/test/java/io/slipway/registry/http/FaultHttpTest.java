package io.slipway.registry.http;

import static io.slipway.registry.http.RegistryFixture.assertError;
import static io.slipway.registry.http.RegistryFixture.header;
import static io.slipway.registry.http.RegistryFixture.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.image.model.Digest;
import io.slipway.image.model.MediaTypes;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Slow, cut and senseless requests, and a server that ends in the middle of one. */
class FaultHttpTest {
  @TempDir Path folder;
  private RegistryFixture registry;

  @BeforeEach
  void open() {
    registry =
        RegistryFixture.open(
            folder, Map.of("limits.connection-idle", "1s", "limits.shutdown-grace", "100ms"));
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
  @ValueSource(ints = {0, 1, 4, 7, 8})
  void restartInMidChunk(int eighths) throws IOException {
    byte[] content = random(800_000);
    int whole = 200_000;
    String location = registry.startUpload("u");
    byte[] head = Arrays.copyOf(content, whole);
    assertThat(registry.send("PATCH", location, head, "Content-Range", "0-199999").statusCode())
        .isEqualTo(202);
    int sent = (content.length - whole) * eighths / 8;
    try (RawConnection raw = connect()) {
      raw.send(
          "PATCH %s HTTP/1.1\nHost: x\nContent-Length: 600000\nContent-Range: 200000-799999\n\n"
              .formatted(location));
      raw.send(Arrays.copyOfRange(content, whole, whole + sent));
      registry.restart();
    }
    String range = header(registry.get(location), "Range");
    int offset = Integer.parseInt(range.substring(2)) + 1;
    assertThat(offset).isBetween(whole, whole + sent);
    byte[] rest = Arrays.copyOfRange(content, offset, content.length);
    if (rest.length > 0) {
      HttpResponse<byte[]> more =
          registry.send("PATCH", location, rest, "Content-Range", offset + "-799999");
      assertThat(more.statusCode()).isEqualTo(202);
    }
    assertThat(registry.send("PUT", location + "?digest=" + Digest.of(content)).statusCode())
        .isEqualTo(201);
    assertThat(registry.get("/v2/u/blobs/" + Digest.of(content)).body()).isEqualTo(content);
  }

  /** Sends {@code more} a byte at a time until the other side has had enough; how many it took. */
  private static int trickle(RawConnection raw, String more) throws IOException {
    for (int i = 0; i < 200; i++) {
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      try {
        raw.send(more.substring(i % more.length(), i % more.length() + 1));
      } catch (IOException closed) {
        return i;
      }
    }
    return 200;
  }

  @Test
  void headsThatTrickleAreCutOff() throws IOException {
    try (RawConnection raw = connect()) {
      raw.send("GET /v2/ HTTP/1.1\nHost: x\nX-Slow: ");
      assertThat(trickle(raw, "abcdefgh")).isLessThan(150);
    }
    try (RawConnection raw = connect()) {
      raw.send("GET /v2/ HTTP/1.1\nHost: x\n\n");
      assertThat(raw.answer()).startsWith("HTTP/1.1 200");
      assertThat(trickle(raw, "GET /v2/aaaaaaaa")).isLessThan(150);
    }
  }

  @Test
  void bodiesThatTrickleAreCutOffAndGoOnLater() throws Exception {
    byte[] content = random(1_000);
    String location = registry.startUpload("u");
    try (RawConnection raw = connect()) {
      raw.send("PATCH " + location + " HTTP/1.1\nHost: x\nContent-Length: 1000\n\n");
      assertThat(trickle(raw, "x")).isLessThan(150);
    }
    for (int i = 0; registry.delete(location).statusCode() == 409; i++) {
      assertThat(i).isLessThan(100);
      Thread.sleep(20);
    }
    assertThat(registry.pushBlob("u", content)).isEqualTo(Digest.of(content));
  }

  @Test
  void tenThousandHeadersAreTooMany() throws IOException {
    StringBuilder head = new StringBuilder("GET /v2/ HTTP/1.1\nHost: x\n");
    for (int i = 0; i < 10_000; i++) {
      head.append("X-").append(i).append(": 1\n");
    }
    try (RawConnection raw = connect()) {
      String answer;
      try {
        answer = raw.send(head.append('\n').toString()).rest();
      } catch (IOException cut) {
        // the answer went by while we were still sending
        answer = "";
      }
      assertThat(answer)
          .satisfiesAnyOf(
              a -> assertThat(a).isEmpty(),
              a -> assertThat(a).matches("(?s)HTTP/1.. 431 .*").contains("\"errors\""));
    }
  }

  @Test
  void manifestsThatLieAboutTheirLength() throws IOException {
    byte[] manifest = registry.imageManifest("m", "x", "");
    String put =
        "PUT /v2/m/manifests/t HTTP/1.1\nHost: x\nContent-Type: " + MediaTypes.OCI_MANIFEST;
    try (RawConnection raw = connect()) {
      raw.send(put + "\nContent-Length: 5000000\n\n").send(manifest);
      assertThat(raw.statusLine()).startsWith("HTTP/1.1 413");
    }
    try (RawConnection raw = connect()) {
      raw.send(put + "\nContent-Length: " + (manifest.length + 10) + "\n\n").send(manifest);
    }
    try (RawConnection raw = connect()) {
      raw.send(put + "\nContent-Length: " + (manifest.length - 1) + "\n\n").send(manifest);
      assertThat(raw.answer()).startsWith("HTTP/1.1 400").contains("MANIFEST_INVALID");
    }
    assertError(registry.get("/v2/m/manifests/t"), 404, "MANIFEST_UNKNOWN");
    try (RawConnection raw = connect()) {
      raw.send(put + "\nTransfer-Encoding: chunked\n\n");
      byte[] piece = new byte[1 << 20];
      Arrays.fill(piece, (byte) ' ');
      for (int i = 0; i < 5; i++) {
        raw.send("100000\n").send(piece).send("\n");
      }
      assertThat(raw.statusLine()).startsWith("HTTP/1.1 413");
    }
  }

  /** A word that tends to look like something. */
  private static String word(Random random, String alphabet, int longest) {
    StringBuilder word = new StringBuilder();
    for (int i = random.nextInt(longest); i >= 0; i--) {
      word.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return word.toString();
  }

  @Test
  void randomTagsDigestsAndRangesAreAnsweredInTheProtocol() {
    Digest held = registry.pushBlob("f", random(1_000));
    String upload = registry.startUpload("f");
    Random random = new Random(11);
    for (int i = 0; i < 40; i++) {
      String tag = word(random, "aZ0._-:@~%25+$", 140).replace("%", "%25");
      answered(registry.get("/v2/f/manifests/" + tag), 400, 404);
      String digest = word(random, "sha256:512abcdef0ABZ", 80);
      answered(registry.get("/v2/f/blobs/" + digest), 400, 404);
      answered(registry.get("/v2/f/referrers/" + digest), 400, 200);
      answered(registry.send("POST", "/v2/f/blobs/uploads/?mount=" + digest), 400, 202);
      String range = "bytes=" + word(random, "0123456789-,", 24);
      HttpResponse<byte[]> part = registry.get("/v2/f/blobs/" + held, "Range", range);
      answered(part, 200, 206, 416);
      assertThat(part.body().length).as(range).isLessThanOrEqualTo(1_000);
      String contentRange = word(random, "0123456789- */bytes", 24).strip();
      answered(
          registry.send("PATCH", upload, random(3), "Content-Range", contentRange + "x"), 400, 416);
      String name = word(random, "ab9._-/ABZ", 60).replace("//", "/");
      answered(registry.get("/v2/" + name + "/tags/list"), 400, 404);
    }
    assertThat(header(registry.get(upload), "Range")).isEqualTo("0-0");
  }

  private static void answered(HttpResponse<byte[]> answer, Integer... allowed) {
    assertThat(answer.statusCode()).as(answer.uri().toString()).isIn((Object[]) allowed);
    if (answer.statusCode() >= 400) {
      assertThat(RegistryFixture.text(answer)).startsWith("{\"errors\":[{\"code\":");
    }
  }
}
