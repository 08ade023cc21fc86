package io.slipway.image.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.catalog.FileLayerIndex;
import io.slipway.image.codec.VerifiedInputStream;
import io.slipway.image.content.BlobInfo;
import io.slipway.image.content.DirectoryBlobStore;
import io.slipway.image.content.Layer;
import io.slipway.image.content.Leases;
import io.slipway.image.error.DigestMismatchException;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ImageIndex;
import io.slipway.image.model.ImageManifest;
import io.slipway.image.model.ManifestFormat;
import io.slipway.image.model.MediaTypes;
import io.slipway.image.model.Platform;
import io.slipway.image.name.Reference;
import io.slipway.image.remote.TestImages.TestImage;
import io.slipway.image.task.FanOut;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class PullerTest {
  private static final RegistrySettings SETTINGS =
      RegistrySettings.DEFAULT.withPatience(Duration.ofSeconds(1), 4, Duration.ofMillis(5));

  @TempDir private Path root;
  private FakeRegistry registry;
  private RegistryConnections connections;
  private DirectoryBlobStore store;
  private FileLayerIndex index;
  private final Leases leases = new Leases();
  private final List<TransferEvent> events = Collections.synchronizedList(new ArrayList<>());
  private final List<Digest> unpacked = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    registry = new FakeRegistry();
    connections = new RegistryConnections(SETTINGS);
    store = DirectoryBlobStore.open(root.resolve("blobs"), Duration.ZERO);
    index = FileLayerIndex.open(root.resolve("layers"));
  }

  @AfterEach
  void stop() throws IOException {
    connections.close();
    registry.close();
    try (Stream<Path> left = Files.list(root.resolve("blobs/ingest"))) {
      assertThat(left).as("temporary blobs left behind").isEmpty();
    }
    assertThat(leases.pinnedBlobs()).isEmpty();
  }

  private final PullSink sink =
      new PullSink() {
        @Override
        public boolean has(Layer layer) {
          return unpacked.contains(layer.diffId());
        }

        @Override
        public void unpack(Layer layer, VerifiedInputStream tar) throws IOException {
          tar.readNBytes(100);
          tar.verify();
          unpacked.add(layer.diffId());
        }
      };

  private PulledImage pull(String name, CredentialSource credentials) throws IOException {
    Puller puller = new Puller(connections, store, index);
    try (var lease = leases.open()) {
      return puller.pull(
          new PullRequest(
              Reference.parse(registry.domain() + "/" + name),
              Platform.parse("linux/amd64"),
              credentials),
          lease,
          sink,
          events::add);
    }
  }

  private PulledImage pull(String name) throws IOException {
    return pull(name, CredentialSource.ANONYMOUS);
  }

  private List<TransferState> states(Digest layer) {
    return events.stream()
        .filter(event -> event.layer().equals(layer))
        .map(TransferEvent::state)
        .distinct()
        .toList();
  }

  private static void assertKind(ErrorKind kind, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }

  @Test
  void pullsVerifiesAndUnpacksInOrder() throws IOException {
    TestImage image = TestImages.image(300_000, 10, 500_000, 1000);
    image.putInto(registry, "a/b", "latest");
    PulledImage pulled = pull("a/b");
    assertThat(pulled.manifest()).isEqualTo(image.manifest());
    assertThat(pulled.config()).isEqualTo(image.config());
    assertThat(pulled.downloaded()).isTrue();
    assertThat(pulled.origin().reference().digest())
        .contains(image.manifest().descriptor().digest());
    assertThat(unpacked).isEqualTo(image.config().rootFs().diffIds());
    assertThat(index.find(unpacked.get(2)).getFirst().uncompressedBytes()).isEqualTo(500_000);
    assertThat(states(image.blobDigest(0)))
        .containsExactly(
            TransferState.PULLING_FS_LAYER,
            TransferState.DOWNLOADING,
            TransferState.VERIFYING_CHECKSUM,
            TransferState.DOWNLOAD_COMPLETE,
            TransferState.EXTRACTING,
            TransferState.PULL_COMPLETE);
    try (Stream<BlobInfo> all = store.list()) {
      assertThat(all).hasSize(6);
    }
  }

  @Test
  void pullsAgainWithoutFetching() throws IOException {
    TestImage image = TestImages.image(1000, 2000);
    image.putInto(registry, "x", "1");
    pull("x:1");
    events.clear();
    registry.log().clear();
    assertThat(pull("x:1").downloaded()).isFalse();
    assertThat(registry.log()).containsExactly("GET /v2/", "HEAD /v2/x/manifests/1");
    assertThat(states(image.blobDigest(1))).containsExactly(TransferState.ALREADY_EXISTS);
  }

  @Test
  void unpacksWhatIsInTheStoreWithoutFetching() throws IOException {
    TestImages.image(1000).putInto(registry, "x", "1");
    pull("x:1");
    unpacked.clear();
    registry.log().clear();
    pull("x:1");
    assertThat(unpacked).hasSize(1);
    assertThat(registry.count("/blobs/")).isZero();
  }

  @Test
  void choosesThePlatformFromAnIndex() throws IOException {
    TestImage image = TestImages.image(1000);
    image.putInto(registry, "x", "child");
    Descriptor other =
        new Descriptor(MediaTypes.OCI_MANIFEST, Digest.of(new byte[] {1}), 1)
            .withPlatform(Platform.parse("linux/arm64"));
    ImageIndex list =
        ImageIndex.create(
            ManifestFormat.OCI,
            List.of(
                other, image.manifest().descriptor().withPlatform(Platform.parse("linux/amd64"))),
            Map.of());
    registry.putManifest("x", "multi", MediaTypes.OCI_INDEX, list.bytes().toArray());
    PulledImage pulled = pull("x:multi");
    assertThat(pulled.manifest()).isEqualTo(image.manifest());
    assertThat(pulled.origin().index()).contains(list.descriptor());
    assertThat(pulled.origin().reference().digest()).contains(list.descriptor().digest());

    ImageIndex armOnly = ImageIndex.create(ManifestFormat.OCI, List.of(other), Map.of());
    registry.putManifest("x", "arm", MediaTypes.OCI_INDEX, armOnly.bytes().toArray());
    assertThatThrownBy(() -> pull("x:arm"))
        .hasMessage("no matching manifest for linux/amd64 in the manifest list entries");
  }

  @Test
  void goesOnWhereAConnectionBroke() throws IOException {
    TestImage image = TestImages.image(400_000);
    image.putInto(registry, "x", "1");
    AtomicInteger cuts = new AtomicInteger();
    registry.onRequest(
        "GET .*blobs/" + image.blobDigest(0),
        exchange -> cuts.incrementAndGet() <= 6 && registry.cutDownload(exchange, 50_000));
    pull("x:1");
    assertThat(unpacked).hasSize(1);
    // more cuts than attempts: each made progress
    assertThat(cuts).hasValue(7);
    assertThat(states(image.blobDigest(0))).contains(TransferState.RETRYING);
  }

  @Test
  void startsAgainWhenTheRegistryKnowsNoRanges() throws IOException {
    TestImage image = TestImages.image(400_000);
    image.putInto(registry, "x", "1");
    registry.ignoreRanges();
    AtomicInteger requests = new AtomicInteger();
    registry.onRequest(
        "GET .*blobs/" + image.blobDigest(0),
        exchange -> requests.incrementAndGet() <= 2 && registry.cutDownload(exchange, 50_000));
    pull("x:1");
    assertThat(unpacked).hasSize(1);
  }

  @Test
  void givesUpAfterAttemptsWithoutProgress() throws IOException {
    TestImage image = TestImages.image(400_000);
    image.putInto(registry, "x", "1");
    registry.onRequest(
        "GET .*blobs/" + image.blobDigest(0), exchange -> registry.cutDownload(exchange, 0));
    assertThatThrownBy(() -> pull("x:1"))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNAVAILABLE))
        // the cut is seen while the body is read, or already with the head of the answer
        .hasMessageMatching("(?s).*(broke after 0 of|bytes received: 0).*");
    assertThat(registry.count("GET .*blobs/" + image.blobDigest(0))).isEqualTo(4);
  }

  @Test
  void breaksAStalledDownload() throws IOException {
    TestImage image = TestImages.image(400_000);
    image.putInto(registry, "x", "1");
    AtomicInteger requests = new AtomicInteger();
    CountDownLatch end = new CountDownLatch(1);
    registry.onRequest(
        "GET .*blobs/" + image.blobDigest(0),
        exchange -> {
          if (requests.incrementAndGet() > 1) {
            return false;
          }
          exchange.sendResponseHeaders(200, image.blobs().get(0).length);
          exchange.getResponseBody().write(image.blobs().get(0), 0, 1000);
          exchange.getResponseBody().flush();
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return true;
        });
    pull("x:1");
    end.countDown();
    assertThat(unpacked).hasSize(1);
    assertThat(requests).hasValue(2);
  }

  @Test
  void retriesServerErrorsButNotClientErrors() throws IOException {
    TestImages.image(1000).putInto(registry, "x", "1");
    AtomicInteger requests = new AtomicInteger();
    registry.onRequest(
        "HEAD .*manifests/1",
        exchange -> {
          int n = requests.incrementAndGet();
          if (n == 1) {
            exchange.getResponseHeaders().set("Retry-After", "0");
            return FakeRegistry.error(exchange, 429, "TOOMANYREQUESTS", "slow down");
          }
          return n == 2 && FakeRegistry.error(exchange, 503, "UNAVAILABLE", "later");
        });
    pull("x:1");
    assertThat(requests).hasValue(3);
    registry.onRequest(
        "/y/manifests", exchange -> FakeRegistry.error(exchange, 403, "DENIED", "no"));
    registry.log().clear();
    assertThatThrownBy(() -> pull("y:1"))
        .hasMessage(
            "pull access denied for "
                + registry.domain()
                + "/y, repository does not exist or may require 'docker login': denied: no");
    assertThat(registry.count("y/manifests")).isEqualTo(2);
  }

  @Test
  void wrongContentIsRefused() throws IOException {
    TestImage image = TestImages.image(1000);
    image.putInto(registry, "x", "1");
    byte[] wrong = image.blobs().get(0).clone();
    wrong[wrong.length / 2] ^= 1;
    registry.onRequest(
        "GET .*blobs/" + image.blobDigest(0),
        exchange -> FakeRegistry.reply(exchange, 200, "application/octet-stream", wrong));
    assertThatThrownBy(() -> pull("x:1")).isInstanceOf(DigestMismatchException.class);
    assertThat(store.stat(image.blobDigest(0))).isEmpty();
    assertThat(unpacked).isEmpty();
  }

  @Test
  void endlessContentIsCutOff() throws IOException {
    TestImage image = TestImages.image(1000);
    image.putInto(registry, "x", "1");
    registry.onRequest(
        "GET .*blobs/" + image.blobDigest(0),
        exchange ->
            FakeRegistry.reply(exchange, 200, "application/octet-stream", new byte[1 << 20]));
    assertThatThrownBy(() -> pull("x:1")).isInstanceOf(DigestMismatchException.class);
  }

  @Test
  void aLayerThatIsNotItsDiffIdIsRefused() throws IOException {
    TestImage image = TestImages.image(1000);
    TestImage liar =
        new TestImage(
            TestImages.image(999).config(), image.manifest(), image.blobs(), image.tars());
    registry.putBlob("x", liar.config().bytes().toArray());
    registry.putBlob("x", image.blobs().get(0));
    var manifest =
        ImageManifest.create(
            ManifestFormat.OCI,
            liar.config().descriptor(ManifestFormat.OCI),
            image.manifest().layers(),
            Map.of());
    registry.putManifest("x", "1", MediaTypes.OCI_MANIFEST, manifest.bytes().toArray());
    assertThatThrownBy(() -> pull("x:1"))
        .isInstanceOf(DigestMismatchException.class)
        .hasMessageStartingWith("layer " + image.blobDigest(0));
    assertThat(unpacked).isEmpty();
  }

  @Test
  void manifestThatIsNotItsDigestIsRefused() throws IOException {
    TestImage image = TestImages.image(10);
    Digest asked = Digest.of(new byte[] {7});
    registry.onRequest(
        "manifests/",
        exchange ->
            FakeRegistry.reply(
                exchange, 200, MediaTypes.OCI_MANIFEST, image.manifest().bytes().toArray()));
    assertThatThrownBy(() -> pull("x@" + asked)).isInstanceOf(DigestMismatchException.class);
  }

  @Test
  void absentManifestHasDockersWords() {
    assertThatThrownBy(() -> pull("x"))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.NOT_FOUND))
        .hasMessage(
            "manifest for "
                + registry.domain()
                + "/x:latest not found: manifest unknown: manifest unknown");
  }

  @Test
  void nobodyThereIsOneLineAtOnce() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    Puller puller = new Puller(connections, store, index);
    PullRequest request =
        new PullRequest(
            Reference.parse("localhost:" + port + "/x"),
            Platform.host(),
            CredentialSource.ANONYMOUS);
    try (var lease = leases.open()) {
      assertThatThrownBy(() -> puller.pull(request, lease, sink, TransferListener.SILENT))
          .hasMessage(
              "Get \"http://localhost:%d/v2/\": dial tcp localhost:%d: connect: connection refused"
                  .formatted(port, port));
      PullRequest nowhere =
          new PullRequest(
              Reference.parse("registry.invalid/x"), Platform.host(), CredentialSource.ANONYMOUS);
      assertThatThrownBy(() -> puller.pull(nowhere, lease, sink, TransferListener.SILENT))
          .hasMessage(
              "Get \"https://registry.invalid/v2/\": "
                  + "dial tcp: lookup registry.invalid: no such host");
    }
  }

  @Test
  void basicAuthorization() throws IOException {
    TestImages.image(1000).putInto(registry, "x", "1");
    registry.requireBasic("me", "secret");
    assertThatThrownBy(() -> pull("x:1"))
        .hasMessage(
            "Head \"http://"
                + registry.domain()
                + "/v2/x/manifests/1\": no basic auth credentials");
    assertKind(
        ErrorKind.UNAUTHORIZED,
        () -> pull("x:1", CredentialSource.of(new Credentials.Basic("me", "wrong"))));
    pull("x:1", CredentialSource.of(new Credentials.Basic("me", "secret")));
    assertThat(unpacked).hasSize(1);
  }

  @Test
  void bearerAuthorizationIsAskedOncePerScope() throws IOException {
    TestImages.image(1000, 2000, 3000).putInto(registry, "a/b", "1");
    registry.requireBearer("me", "secret");
    pull("a/b:1", CredentialSource.of(new Credentials.Basic("me", "secret")));
    assertThat(registry.count("/token")).isEqualTo(1);
    assertThat(registry.log())
        .anyMatch(line ->
            line.contains("service=fake+service")
                && line.contains("scope=repository%3Aa%2Fb%3Apull")
                && line.contains("account=me"));
    // the ping told what is wanted, so that nothing else had to be sent twice
    assertThat(registry.count("HEAD .*manifests/1")).isEqualTo(1);
    assertThatThrownBy(() -> pull("a/b:1", CredentialSource.of(new Credentials.Basic("me", "no"))))
        .hasMessageContaining("unauthorized: incorrect username or password");
  }

  @Test
  void refreshTokensAndGivenTokens() throws IOException {
    TestImages.image(1000).putInto(registry, "x", "1");
    registry.requireBearer("me", "secret");
    pull("x:1", CredentialSource.of(new Credentials.IdentityToken("refresh")));
    pull("x:1", CredentialSource.of(new Credentials.RegistryToken("token-mine")));
    assertThat(registry.count("POST /token")).isEqualTo(1);
    assertKind(
        ErrorKind.UNAUTHORIZED,
        () -> pull("x:1", CredentialSource.of(new Credentials.RegistryToken("stale"))));
  }

  @Test
  void credentialsDoNotFollowARedirect() throws IOException {
    TestImage image = TestImages.image(1000);
    image.putInto(registry, "x", "1");
    registry.requireBasic("me", "secret");
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    try (FakeRegistry other = new FakeRegistry()) {
      other.onRequest(
          "GET /elsewhere",
          exchange -> {
            seen.add(String.valueOf(exchange.getRequestHeaders().get("Authorization")));
            return FakeRegistry.reply(
                exchange, 200, "application/octet-stream", image.blobs().get(0));
          });
      registry.onRequest(
          "GET .*blobs/" + image.blobDigest(0),
          exchange -> {
            exchange
                .getResponseHeaders()
                .set("Location", "http://" + other.domain() + "/elsewhere");
            return FakeRegistry.reply(exchange, 307, "text/plain", new byte[0]);
          });
      pull("x:1", CredentialSource.of(new Credentials.Basic("me", "secret")));
    }
    assertThat(seen).containsExactly("null");
  }

  @Test
  void artifactsAreNotImages() throws IOException {
    byte[] config = "{}".getBytes(StandardCharsets.UTF_8);
    registry.putBlob("x", config);
    var manifest =
        ImageManifest.create(
            ManifestFormat.OCI,
            new Descriptor("application/vnd.example+json", Digest.of(config), 2),
            List.of(),
            Map.of());
    registry.putManifest("x", "1", MediaTypes.OCI_MANIFEST, manifest.bytes().toArray());
    assertThatThrownBy(() -> pull("x:1")).hasMessageContaining("is not a container image");
  }

  @Test
  void twoPullsFetchALayerOnce() throws Exception {
    TestImage image = TestImages.image(200_000);
    image.putInto(registry, "x", "1");
    Puller puller = new Puller(connections, store, index);
    CountDownLatch both = new CountDownLatch(2);
    registry.onRequest(
        "GET .*blobs/" + image.blobDigest(0),
        exchange -> {
          try {
            Thread.sleep(100);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return false;
        });
    try (FanOut fanOut = new FanOut("pull", 2)) {
      for (int i = 0; i < 2; i++) {
        fanOut.fork(() -> {
          both.countDown();
          both.await();
          try (var lease = leases.open()) {
            return puller.pull(
                new PullRequest(
                    Reference.parse(registry.domain() + "/x:1"),
                    Platform.parse("linux/amd64"),
                    CredentialSource.ANONYMOUS),
                lease,
                PullSink.BLOBS_ONLY,
                TransferListener.SILENT);
          }
        });
      }
      fanOut.join();
    }
    assertThat(registry.count("GET .*blobs/" + image.blobDigest(0))).isEqualTo(1);
  }

  @Test
  void anInterruptEndsThePullAndLeavesNothing() throws Exception {
    TestImage image = TestImages.image(400_000);
    image.putInto(registry, "x", "1");
    CountDownLatch under = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    registry.onRequest(
        "GET .*blobs/" + image.blobDigest(0),
        exchange -> {
          exchange.sendResponseHeaders(200, image.blobs().get(0).length);
          exchange.getResponseBody().write(image.blobs().get(0), 0, 1000);
          exchange.getResponseBody().flush();
          under.countDown();
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return true;
        });
    List<Throwable> failures = new ArrayList<>();
    Thread puller =
        Thread.ofVirtual()
            .start(() -> {
              try {
                pull("x:1");
              } catch (IOException | RuntimeException e) {
                failures.add(e);
              }
            });
    under.await();
    puller.interrupt();
    puller.join();
    end.countDown();
    assertThat(failures)
        .singleElement()
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CANCELLED));
  }

  @Test
  void listsTagsOverPages() throws IOException {
    RegistryClient client =
        connections.forPull(
            Reference.parse(registry.domain() + "/x").repository(), CredentialSource.ANONYMOUS);
    assertThat(client.tags()).containsExactly("a", "b", "c");
  }

  @Test
  void logsIn() throws IOException {
    registry.requireBasic("me", "secret");
    connections.login(registry.domain(), new Credentials.Basic("me", "secret"));
    assertThatThrownBy(
            () -> connections.login(registry.domain(), new Credentials.Basic("me", "no")))
        .hasMessage(
            "login attempt to http://"
                + registry.domain()
                + "/v2/ failed with status: 401 Unauthorized");
    registry.requireBearer("me", "secret");
    connections.login(registry.domain(), new Credentials.Basic("me", "secret"));
    assertThatThrownBy(
            () -> connections.login(registry.domain(), new Credentials.Basic("me", "no")))
        .hasMessageEndingWith("failed with status: 401 Unauthorized");
  }
}
