package io.slipway.registry.http;

import static io.slipway.registry.http.RegistryFixture.assertError;
import static io.slipway.registry.http.RegistryFixture.header;
import static io.slipway.registry.http.RegistryFixture.json;
import static io.slipway.registry.http.RegistryFixture.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.slipway.image.model.Digest;
import io.slipway.image.model.MediaTypes;
import io.slipway.image.remote.FakeRegistry;
import io.slipway.registry.config.MirrorSettings;
import io.slipway.registry.config.UpstreamSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry that fills itself from another one, and what that one may do to it. */
class MirrorHttpTest {
  private static final int SIZE = 700_000;

  @TempDir Path folder;
  private FakeRegistry upstream;
  private RegistryFixture registry;

  @BeforeEach
  void open() throws Exception {
    upstream = new FakeRegistry();
    registry = mirror(Duration.ofHours(1), Duration.ofDays(1));
  }

  @AfterEach
  void close() {
    registry.close();
    upstream.close();
  }

  private RegistryFixture mirror(Duration tagLife, Duration stale) {
    return RegistryFixture.mirror(
        folder.resolve("root"),
        new MirrorSettings(
            List.of(upstream("hub", Optional.empty())), tagLife, stale, Duration.ofSeconds(60)));
  }

  private UpstreamSettings upstream(String prefix, Optional<String> path) {
    return new UpstreamSettings(
        prefix,
        upstream.domain(),
        path,
        true,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private void reopen(Duration tagLife, Duration stale) {
    registry.close();
    registry = mirror(tagLife, stale);
  }

  /** An image with one blob of a layer; returns its manifest. */
  private byte[] image(String repository, String tag, byte[] layer) {
    byte[] config = ("{\"os\":\"linux\",\"t\":\"" + tag + layer.length + "\"}").getBytes();
    upstream.putBlob(repository, config);
    upstream.putBlob(repository, layer);
    byte[] manifest =
        """
        {"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[%s]}\
        """
            .formatted(
                MediaTypes.OCI_MANIFEST,
                RegistryFixture.descriptor(MediaTypes.OCI_CONFIG, Digest.of(config), config.length),
                RegistryFixture.descriptor(MediaTypes.OCI_LAYER, Digest.of(layer), layer.length))
            .getBytes(StandardCharsets.UTF_8);
    upstream.putManifest(repository, tag, MediaTypes.OCI_MANIFEST, manifest);
    return manifest;
  }

  private static String blob(String repository, byte[] content) {
    return "/v2/" + repository + "/blobs/" + Digest.of(content);
  }

  @Test
  void pullsOnceAndThenWithoutTheUpstream() {
    byte[] layer = random(SIZE);
    byte[] manifest = image("lib/app", "1", layer);
    for (int i = 0; i < 2; i++) {
      HttpResponse<byte[]> found = registry.get("/v2/hub/lib/app/manifests/1");
      assertThat(found.body()).isEqualTo(manifest);
      assertThat(header(found, "Content-Type")).isEqualTo(MediaTypes.OCI_MANIFEST);
      assertThat(header(found, "Docker-Content-Digest")).isEqualTo(Digest.of(manifest).toString());
      assertThat(registry.head(blob("hub/lib/app", layer)).headers().firstValue("Content-Length"))
          .hasValue("" + SIZE);
      assertThat(registry.get(blob("hub/lib/app", layer)).body()).isEqualTo(layer);
    }
    assertThat(upstream.count("GET /v2/lib/app/blobs/")).isEqualTo(1);
    assertThat(upstream.count("GET /v2/lib/app/manifests/")).isEqualTo(1);
    upstream.close();
    registry.restart();
    assertThat(registry.get("/v2/hub/lib/app/manifests/1").body()).isEqualTo(manifest);
    assertThat(registry.get("/v2/hub/lib/app/manifests/" + Digest.of(manifest)).body())
        .isEqualTo(manifest);
    assertThat(registry.get(blob("hub/lib/app", layer)).body()).isEqualTo(layer);
  }

  @Test
  void theFirstPullStreamsWhileItIsStored() throws Exception {
    byte[] layer = random(SIZE);
    image("a", "1", layer);
    CountDownLatch go = new CountDownLatch(1);
    upstream.onRequest("GET /v2/a/blobs/", exchange -> slowly(exchange, layer, go));
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<InputStream> coming =
          client.send(
              HttpRequest.newBuilder(
                      URI.create("http://" + registry.address() + blob("hub/a", layer)))
                  .build(),
              BodyHandlers.ofInputStream());
      assertThat(coming.statusCode()).isEqualTo(200);
      assertThat(coming.headers().firstValue("Content-Length")).hasValue("" + SIZE);
      byte[] half = coming.body().readNBytes(SIZE / 2);
      HttpResponse<byte[]> part = registry.get(blob("hub/a", layer), "Range", "bytes=1000-1999");
      assertThat(part.statusCode()).isEqualTo(206);
      assertThat(part.body()).isEqualTo(Arrays.copyOfRange(layer, 1_000, 2_000));
      go.countDown();
      byte[] rest = coming.body().readAllBytes();
      assertThat(half).isEqualTo(Arrays.copyOf(layer, SIZE / 2));
      assertThat(rest).isEqualTo(Arrays.copyOfRange(layer, SIZE / 2, SIZE));
    }
    assertThat(upstream.count("GET /v2/a/blobs/")).isEqualTo(1);
  }

  /** Sends one half, and the other when told. */
  private static boolean slowly(HttpExchange exchange, byte[] content, CountDownLatch go)
      throws IOException {
    exchange.sendResponseHeaders(200, content.length);
    OutputStream out = exchange.getResponseBody();
    out.write(content, 0, content.length / 2);
    out.flush();
    try {
      assertThat(go.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new InterruptedIOException();
    }
    out.write(content, content.length / 2, content.length - content.length / 2);
    exchange.close();
    return true;
  }

  @Test
  void manyPullsAreOneFetch() throws Exception {
    byte[] layer = random(SIZE);
    byte[] manifest = image("a", "1", layer);
    CountDownLatch go = new CountDownLatch(1);
    upstream.onRequest("GET /v2/a/blobs/", exchange -> slowly(exchange, layer, go));
    upstream.onRequest(
        "(GET|HEAD) /v2/a/manifests/",
        exchange -> {
          pause(100);
          return false;
        });
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<byte[]>> pulls =
          IntStream.range(0, 8)
              .mapToObj(i ->
                  threads.submit(() -> {
                    assertThat(registry.get("/v2/hub/a/manifests/1").body()).isEqualTo(manifest);
                    return registry.get(blob("hub/a", layer)).body();
                  }))
              .toList();
      pause(300);
      go.countDown();
      for (Future<byte[]> pull : pulls) {
        assertThat(pull.get()).isEqualTo(layer);
      }
    }
    assertThat(upstream.count("GET /v2/a/blobs/")).isEqualTo(1);
    assertThat(upstream.count("GET /v2/a/manifests/")).isEqualTo(1);
    assertThat(upstream.count("HEAD /v2/a/manifests/")).isEqualTo(1);
  }

  /** Makes an upstream slow. */
  private static void pause(long millis) {
    LockSupport.parkNanos(millis * 1_000_000);
  }

  @Test
  void aTagIsCheckedByHeadWhenItsTimeIsUp() {
    reopen(Duration.ZERO, Duration.ofDays(1));
    byte[] first = image("a", "latest", random(100));
    assertThat(registry.get("/v2/hub/a/manifests/latest").body()).isEqualTo(first);
    assertThat(registry.get("/v2/hub/a/manifests/latest").body()).isEqualTo(first);
    assertThat(upstream.count("GET /v2/a/manifests/")).isEqualTo(1);
    assertThat(upstream.count("HEAD /v2/a/manifests/latest")).isEqualTo(2);
    byte[] second = image("a", "latest", random(200));
    assertThat(registry.get("/v2/hub/a/manifests/latest").body()).isEqualTo(second);
    assertThat(registry.get("/v2/hub/a/manifests/" + Digest.of(first)).body()).isEqualTo(first);
    assertThat(upstream.count("GET /v2/a/manifests/")).isEqualTo(2);
  }

  @Test
  void whatIsKnownIsServedWhileTheUpstreamFails() {
    reopen(Duration.ZERO, Duration.ofDays(1));
    byte[] manifest = image("a", "1", random(100));
    registry.get("/v2/hub/a/manifests/1");
    upstream.onRequest(
        "/v2/a/", exchange -> FakeRegistry.error(exchange, 503, "UNAVAILABLE", "maintenance"));
    assertThat(registry.get("/v2/hub/a/manifests/1").body()).isEqualTo(manifest);
    assertThat(json(registry.get("/v2/hub/a/tags/list")).at("/tags/0").asText()).isEqualTo("1");
    assertError(registry.get("/v2/hub/a/manifests/2"), 503, "UNAVAILABLE");
    assertError(registry.get("/v2/hub/b/manifests/1"), 404, "MANIFEST_UNKNOWN");
    reopen(Duration.ZERO, Duration.ZERO);
    assertError(registry.get("/v2/hub/a/manifests/1"), 503, "UNAVAILABLE");
    assertThat(registry.get("/v2/hub/a/manifests/" + Digest.of(manifest)).body())
        .isEqualTo(manifest);
  }

  @Test
  void whatIsGoneThereGoesHere() {
    reopen(Duration.ZERO, Duration.ofDays(1));
    byte[] manifest = image("a", "1", random(100));
    registry.get("/v2/hub/a/manifests/1");
    upstream.onRequest(
        "/v2/a/manifests/1",
        exchange -> FakeRegistry.error(exchange, 404, "MANIFEST_UNKNOWN", "gone"));
    assertError(registry.get("/v2/hub/a/manifests/1"), 404, "MANIFEST_UNKNOWN");
    assertThat(registry.get("/v2/hub/a/manifests/" + Digest.of(manifest)).body())
        .isEqualTo(manifest);
    assertError(registry.get("/v2/hub/none/manifests/1"), 404, "MANIFEST_UNKNOWN");
    assertError(registry.get(blob("hub/a", random(5))), 404, "BLOB_UNKNOWN");
    assertThat(registry.head(blob("hub/a", random(5))).statusCode()).isEqualTo(404);
  }

  @Test
  void rateLimitsArePassedOnAndKept() {
    byte[] layer = random(100);
    byte[] manifest = image("a", "1", layer);
    registry.get("/v2/hub/a/manifests/1");
    registry.get(blob("hub/a", layer));
    upstream.onRequest(
        "GET /v2/a/manifests/2|HEAD /v2/a/manifests/2",
        exchange -> {
          exchange.getResponseHeaders().set("Retry-After", "60");
          return FakeRegistry.error(exchange, 429, "TOOMANYREQUESTS", "slow down");
        });
    HttpResponse<byte[]> limited = registry.get("/v2/hub/a/manifests/2");
    assertError(limited, 429, "TOOMANYREQUESTS");
    assertThat(Integer.parseInt(header(limited, "Retry-After"))).isBetween(50, 60);
    int asked = upstream.log().size();
    assertError(registry.get("/v2/hub/a/manifests/2"), 429, "TOOMANYREQUESTS");
    assertError(registry.get("/v2/hub/b/manifests/3"), 429, "TOOMANYREQUESTS");
    assertThat(registry.get("/v2/hub/a/manifests/1").body()).isEqualTo(manifest);
    assertThat(registry.get(blob("hub/a", layer)).body()).isEqualTo(layer);
    assertThat(upstream.log()).hasSize(asked);
  }

  @Test
  void wrongContentIsNeverStoredNorCompleted() {
    byte[] layer = random(SIZE);
    byte[] manifest = image("a", "1", layer);
    byte[] wrong = layer.clone();
    wrong[SIZE / 2] ^= 1;
    AtomicBoolean lying = new AtomicBoolean(true);
    upstream.onRequest(
        "GET /v2/a/blobs/",
        exchange ->
            lying.get() && FakeRegistry.reply(exchange, 200, "application/octet-stream", wrong));
    registry.get("/v2/hub/a/manifests/1");
    assertThatThrownBy(() -> registry.get(blob("hub/a", layer)))
        .isInstanceOf(UncheckedIOException.class);
    upstream.onRequest(
        "GET /v2/a/manifests/(2|sha256:0)",
        exchange -> {
          exchange.getResponseHeaders().set("Docker-Content-Digest", "sha256:" + "0".repeat(64));
          return FakeRegistry.reply(exchange, 200, MediaTypes.OCI_MANIFEST, manifest);
        });
    assertError(registry.get("/v2/hub/a/manifests/2"), 502, "UNAVAILABLE");
    assertError(registry.get("/v2/hub/a/manifests/sha256:" + "0".repeat(64)), 502, "UNAVAILABLE");
    lying.set(false);
    assertThat(registry.get(blob("hub/a", layer)).body()).isEqualTo(layer);
  }

  @Test
  void aBlobGoesOnWhereTheUpstreamDied() {
    byte[] layer = random(SIZE);
    image("a", "1", layer);
    AtomicInteger attempts = new AtomicInteger();
    upstream.onRequest(
        "GET /v2/a/blobs/",
        exchange -> attempts.incrementAndGet() <= 2 && upstream.cutDownload(exchange, SIZE / 3));
    assertThat(registry.get(blob("hub/a", layer)).body()).isEqualTo(layer);
    assertThat(attempts).hasValue(3);
  }

  @Test
  void anUpstreamThatKeepsDyingCutsTheAnswerAndLeavesNothing() throws Exception {
    byte[] layer = random(SIZE);
    image("a", "1", layer);
    AtomicInteger attempts = new AtomicInteger();
    upstream.onRequest(
        "GET /v2/a/blobs/",
        exchange ->
            attempts.incrementAndGet() == 1
                ? upstream.cutDownload(exchange, SIZE / 3)
                : FakeRegistry.error(exchange, 500, "UNKNOWN", "no more"));
    assertThatThrownBy(() -> registry.get(blob("hub/a", layer)))
        .isInstanceOf(UncheckedIOException.class);
    try (var files = Files.walk(folder.resolve("root/blobs"))) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
    upstream.onRequest(
        "GET /v2/b/blobs/",
        exchange -> FakeRegistry.error(exchange, 500, "UNKNOWN", "from the start"));
    upstream.putBlob("b", layer);
    assertError(registry.get(blob("hub/b", layer)), 503, "UNAVAILABLE");
  }

  @Test
  void anUpstreamThatBeginsAnewNeverMixesTwoAttempts() {
    byte[] layer = random(SIZE);
    byte[] other = layer.clone();
    other[10] ^= 1;
    image("a", "1", layer);
    upstream.ignoreRanges();
    AtomicInteger attempts = new AtomicInteger();
    upstream.onRequest(
        "GET /v2/a/blobs/",
        exchange -> {
          if (attempts.incrementAndGet() > 1) {
            return false;
          }
          exchange.sendResponseHeaders(200, SIZE);
          exchange.getResponseBody().write(other, 0, SIZE / 2);
          exchange.getResponseBody().flush();
          pause(200);
          exchange.close();
          return true;
        });
    try {
      assertThat(registry.get(blob("hub/a", layer)).body()).isEqualTo(layer);
    } catch (UncheckedIOException cut) {
      assertThat(attempts).hasValueGreaterThanOrEqualTo(1);
    }
    assertThat(registry.get(blob("hub/a", layer)).body()).isEqualTo(layer);
  }

  @Test
  void credentialsOfAnUpstream() throws Exception {
    byte[] layer = random(100);
    byte[] manifest = image("a", "1", layer);
    Path password = Files.writeString(folder.resolve("password"), "pa:ss\n");
    for (boolean bearer : new boolean[] {false, true}) {
      if (bearer) {
        upstream.requireBearer("me", "pa:ss");
      } else {
        upstream.requireBasic("me", "pa:ss");
      }
      registry.close();
      registry =
          RegistryFixture.mirror(
              folder.resolve("root-" + bearer),
              new MirrorSettings(
                  List.of(
                      new UpstreamSettings(
                          "private",
                          upstream.domain(),
                          Optional.empty(),
                          true,
                          Optional.of("me"),
                          Optional.of(password),
                          Optional.empty()),
                      upstream("public", Optional.empty())),
                  Duration.ofHours(1),
                  Duration.ofDays(1),
                  Duration.ofSeconds(60)));
      assertThat(registry.get("/v2/private/a/manifests/1").body()).isEqualTo(manifest);
      assertThat(registry.get(blob("private/a", layer)).body()).isEqualTo(layer);
      assertError(registry.get("/v2/public/a/manifests/1"), 404, "NAME_UNKNOWN");
      assertError(registry.get(blob("public/a", layer)), 404, "NAME_UNKNOWN");
    }
  }

  @Test
  void prefixesPathsAndNamespaces() {
    registry.close();
    registry =
        RegistryFixture.mirror(
            folder.resolve("root"),
            new MirrorSettings(
                List.of(
                    upstream("hub", Optional.of("library")),
                    upstream("hub/special", Optional.of("other"))),
                Duration.ofHours(1),
                Duration.ofDays(1),
                Duration.ofSeconds(60)));
    byte[] library = image("library/app", "1", random(100));
    byte[] other = image("other/app", "1", random(200));
    assertThat(registry.get("/v2/hub/app/manifests/1").body()).isEqualTo(library);
    assertThat(registry.get("/v2/hub/special/app/manifests/1").body()).isEqualTo(other);
    HttpResponse<byte[]> named = registry.get("/v2/app/manifests/1?ns=" + upstream.domain());
    assertThat(named.body()).isEqualTo(library);
    assertThat(header(named, "OCI-Namespace")).isEqualTo(upstream.domain());
    HttpResponse<byte[]> unclaimed = registry.get("/v2/app/manifests/1?ns=quay.io");
    assertError(unclaimed, 404, "NAME_UNKNOWN");
    assertThat(header(unclaimed, "OCI-Namespace")).isNull();
    byte[] layer = random(200);
    assertThat(
            registry
                .get("/v2/special/app/blobs/" + Digest.of(layer) + "?ns=hub/special")
                .statusCode())
        .isEqualTo(404);
  }

  @Test
  void nobodyPushesToACopyButItsContentMayBeDropped() {
    byte[] layer = random(SIZE);
    byte[] manifest = image("a", "1", layer);
    registry.get("/v2/hub/a/manifests/1");
    registry.get(blob("hub/a", layer));
    assertError(registry.send("POST", "/v2/hub/a/blobs/uploads/"), 405, "UNSUPPORTED");
    assertError(registry.putManifest("hub/a", "1", manifest), 405, "UNSUPPORTED");
    assertThat(registry.send("POST", "/v2/own/a/blobs/uploads/").statusCode()).isEqualTo(202);
    assertThat(registry.delete(blob("hub/a", layer)).statusCode()).isEqualTo(202);
    assertThat(registry.delete("/v2/hub/a/manifests/1").statusCode()).isEqualTo(202);
    assertThat(registry.get(blob("hub/a", layer)).body()).isEqualTo(layer);
    assertThat(upstream.count("GET /v2/a/blobs/")).isEqualTo(1);
  }

  @Test
  void damagedCopiesAreFetchedAgain() throws Exception {
    byte[] layer = random(SIZE);
    image("a", "1", layer);
    registry.get("/v2/hub/a/manifests/1");
    registry.get(blob("hub/a", layer));
    Path stored = folder.resolve("root/blobs/sha256").resolve(Digest.of(layer).hex());
    Files.write(stored, new byte[10]);
    assertThat(registry.get(blob("hub/a", layer)).body()).isEqualTo(layer);
    assertThat(Files.readAllBytes(stored)).isEqualTo(layer);
    assertThat(upstream.count("GET /v2/a/blobs/")).isEqualTo(2);
  }

  @Test
  void tagsAreTheUpstreams() {
    image("a", "1", random(100));
    assertThat(RegistryFixture.text(registry.get("/v2/hub/a/tags/list")))
        .contains("[\"a\",\"b\",\"c\"]");
    assertThat(RegistryFixture.text(registry.get("/v2/hub/a/tags/list?n=1&last=a")))
        .contains("[\"b\"]");
    assertThat(upstream.count("tags/list")).isEqualTo(2);
  }
}
