package io.slipway.image.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.catalog.FileLayerIndex;
import io.slipway.image.catalog.LayerBlob;
import io.slipway.image.content.DirectoryBlobStore;
import io.slipway.image.content.Leases;
import io.slipway.image.content.VerifiedBlobs;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.RegistryException;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Compression;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ImageManifest;
import io.slipway.image.model.Manifest;
import io.slipway.image.model.ManifestFormat;
import io.slipway.image.model.MediaTypes;
import io.slipway.image.name.Reference;
import io.slipway.image.remote.TestImages.TestImage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class PusherTest {
  private static final RegistrySettings SETTINGS =
      RegistrySettings.DEFAULT.withPatience(Duration.ofSeconds(1), 4, Duration.ofMillis(5));

  /** More than goes with the closing PUT. */
  private static final int LARGE = 3 << 20;

  @TempDir private Path root;
  private FakeRegistry registry;
  private RegistryConnections connections;
  private DirectoryBlobStore store;
  private VerifiedBlobs blobs;
  private FileLayerIndex index;
  private final Leases leases = new Leases();
  private final List<TransferEvent> events = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void start() throws IOException {
    registry = new FakeRegistry();
    connections = new RegistryConnections(SETTINGS);
    store = DirectoryBlobStore.open(root.resolve("blobs"), Duration.ZERO);
    blobs = new VerifiedBlobs(store);
    index = FileLayerIndex.open(root.resolve("layers"));
  }

  @AfterEach
  void stop() {
    connections.close();
    registry.close();
  }

  private PushedImage push(
      String name,
      TestImage image,
      List<ImageManifest> known,
      Compression compression,
      CredentialSource credentials)
      throws IOException {
    Pusher pusher =
        new Pusher(connections, store, index, new TestImages.PackedLayers(blobs, image));
    try (var lease = leases.open()) {
      return pusher.push(
          new PushRequest(
              Reference.parse(registry.domain() + "/" + name),
              image.config(),
              known,
              ManifestFormat.DOCKER,
              compression,
              credentials),
          lease,
          events::add);
    }
  }

  private PushedImage push(String name, TestImage image) throws IOException {
    return push(name, image, List.of(), Compression.GZIP, CredentialSource.ANONYMOUS);
  }

  private List<TransferState> states(Digest diffId) {
    return events.stream()
        .filter(event -> event.layer().equals(diffId))
        .map(TransferEvent::state)
        .distinct()
        .toList();
  }

  private static Digest diffId(TestImage image, int layer) {
    return image.config().rootFs().diffIds().get(layer);
  }

  @Test
  void pushesLayersConfigAndManifestLast() throws IOException {
    TestImage image = TestImages.image(LARGE, 10, 5000);
    PushedImage pushed = push("a/b:1", image);
    FakeRegistry.StoredManifest stored = registry.manifest("a/b", "1");
    assertThat(stored.mediaType()).isEqualTo(MediaTypes.DOCKER_MANIFEST);
    assertThat(stored.content()).isEqualTo(pushed.manifest().bytes().toArray());
    ImageManifest manifest =
        (ImageManifest) Manifest.parse(Bytes.copyOf(stored.content()), stored.mediaType());
    assertThat(manifest.config().mediaType()).isEqualTo(MediaTypes.DOCKER_CONFIG);
    assertThat(manifest.layers()).hasSize(3);
    for (Descriptor layer : manifest.layers()) {
      assertThat(layer.mediaType()).isEqualTo(MediaTypes.DOCKER_LAYER_GZIP);
      assertThat(registry.hasBlob("a/b", layer.digest())).isTrue();
    }
    assertThat(registry.hasBlob("a/b", image.config().id())).isTrue();
    assertThat(registry.log().getLast()).isEqualTo("PUT /v2/a/b/manifests/1");
    assertThat(store.stat(pushed.manifest().descriptor().digest())).isPresent();
    assertThat(states(diffId(image, 0)))
        .containsExactly(TransferState.PREPARING, TransferState.PUSHING, TransferState.PUSHED);
    assertThat(registry.count("^PATCH")).as("only the large layer needs a PATCH").isEqualTo(1);
  }

  @Test
  void pushesAgainWithoutSending() throws IOException {
    TestImage image = TestImages.image(1000);
    push("x:1", image);
    events.clear();
    registry.log().clear();
    push("x:2", image);
    assertThat(registry.count("^(POST|PATCH)")).isZero();
    assertThat(states(diffId(image, 0)))
        .containsExactly(TransferState.PREPARING, TransferState.LAYER_ALREADY_EXISTS);
  }

  @Test
  void equalLayersAreSentOnce() throws IOException {
    TestImage one = TestImages.image(1000);
    TestImage twice =
        new TestImage(
            one.config().toBuilder().rootFs(one.config().rootFs().with(diffId(one, 0))).build(),
            one.manifest(),
            one.blobs(),
            one.tars());
    PushedImage pushed = push("x:1", twice);
    assertThat(pushed.manifest().layers()).hasSize(2);
    assertThat(registry.count("^POST")).as("one layer, one config").isEqualTo(2);
  }

  @Test
  void mountsFromAKnownRepository() throws IOException {
    TestImage image = TestImages.image(1000);
    PushedImage first = push("a:1", image);
    index.put(
        new LayerBlob(
            diffId(image, 0),
            first.manifest().layers().getFirst(),
            1000,
            List.of(Reference.parse(registry.domain() + "/a").repository())));
    push("b:1", image);
    assertThat(events)
        .anyMatch(e -> e.state() == TransferState.MOUNTED && e.text().equals("Mounted from a"));
    assertThat(registry.hasBlob("b", first.manifest().layers().getFirst().digest())).isTrue();
    // a wrong memory costs nothing but the session that the registry opens instead
    index.put(
        new LayerBlob(
            diffId(image, 0),
            first.manifest().layers().getFirst(),
            1000,
            List.of(Reference.parse(registry.domain() + "/0-gone").repository())));
    push("c:1", image);
    assertThat(registry.hasBlob("c", first.manifest().layers().getFirst().digest())).isTrue();
  }

  @Test
  void keepsTheManifestItWasPulledWith() throws IOException {
    TestImage image = TestImages.image(1000);
    for (byte[] blob : image.blobs()) {
      blobs.put(Bytes.copyOf(blob));
    }
    PushedImage pushed =
        push("x:1", image, List.of(image.manifest()), Compression.GZIP, CredentialSource.ANONYMOUS);
    assertThat(pushed.manifest()).isEqualTo(image.manifest());
    assertThat(registry.manifest("x", "1").mediaType()).isEqualTo(MediaTypes.OCI_MANIFEST);
  }

  @Test
  void zstdLayersNeedAnOciManifest() throws IOException {
    PushedImage pushed =
        push(
            "x:1", TestImages.image(1000), List.of(), Compression.ZSTD, CredentialSource.ANONYMOUS);
    assertThat(pushed.manifest().descriptor().mediaType()).isEqualTo(MediaTypes.OCI_MANIFEST);
    assertThat(pushed.manifest().layers().getFirst().mediaType())
        .isEqualTo(MediaTypes.OCI_LAYER_ZSTD);
  }

  @Test
  void goesOnWhereAConnectionBroke() throws IOException {
    TestImage image = TestImages.image(LARGE);
    AtomicInteger cuts = new AtomicInteger();
    registry.onRequest(
        "^PATCH", exchange -> cuts.incrementAndGet() <= 2 && registry.cutUpload(exchange, 1 << 20));
    PushedImage pushed = push("x:1", image);
    assertThat(registry.hasBlob("x", pushed.manifest().layers().getFirst().digest())).isTrue();
    assertThat(cuts).hasValue(3);
    assertThat(registry.count("^GET .*uploads/")).isEqualTo(2);
    assertThat(registry.count("^POST")).as("the session stays: layer and config").isEqualTo(2);
  }

  @Test
  void opensAnotherSessionWhenTheFirstIsLost() throws IOException {
    TestImage image = TestImages.image(LARGE);
    AtomicInteger requests = new AtomicInteger();
    registry.onRequest(
        "^PATCH",
        exchange -> {
          int n = requests.incrementAndGet();
          if (n == 2) {
            return FakeRegistry.error(exchange, 404, "BLOB_UPLOAD_INVALID", "state token");
          }
          return n == 1 && registry.cutUpload(exchange, 1 << 20);
        });
    PushedImage pushed = push("x:1", image);
    assertThat(registry.hasBlob("x", pushed.manifest().layers().getFirst().digest())).isTrue();
    assertThat(requests).hasValue(3);
  }

  @Test
  void aLostAnswerIsNotSentAgain() throws IOException {
    TestImage image = TestImages.image(1000);
    AtomicInteger puts = new AtomicInteger();
    registry.onRequest(
        "^PUT .*uploads/",
        exchange -> {
          if (puts.incrementAndGet() == 1) {
            registry.putBlob("x", exchange.getRequestBody().readAllBytes());
            exchange.close();
            return true;
          }
          return false;
        });
    push("x:1", image);
    assertThat(registry.count("^PUT .*uploads/")).as("layer once, config once").isEqualTo(2);
  }

  @Test
  void aRegistryThatStopsReadingIsLeft() throws IOException {
    TestImage image = TestImages.image(LARGE);
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger requests = new AtomicInteger();
    registry.onRequest(
        "^PATCH",
        exchange -> {
          if (requests.incrementAndGet() > 1) {
            return false;
          }
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return true;
        });
    push("x:1", image);
    end.countDown();
    assertThat(requests).hasValue(2);
  }

  @Test
  void refusalIsReportedOnceWithItsCode() throws IOException {
    TestImage image = TestImages.image(1000, 2000, 3000);
    registry.onRequest(
        "^POST",
        exchange ->
            FakeRegistry.error(
                exchange, 403, "DENIED", "requested access to the resource is denied"));
    assertThatThrownBy(() -> push("x:1", image))
        .isInstanceOfSatisfying(
            RegistryException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(ErrorKind.FORBIDDEN);
              assertThat(e.code()).isEqualTo("DENIED");
            })
        .hasMessage("denied: requested access to the resource is denied");
    assertThat(registry.count("manifests")).isZero();
  }

  @Test
  void authorization() throws IOException {
    TestImage image = TestImages.image(LARGE);
    registry.requireBasic("me", "secret");
    assertThatThrownBy(() -> push("x:1", image))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNAUTHORIZED))
        .hasMessage("no basic auth credentials");
    CredentialSource me = CredentialSource.of(new Credentials.Basic("me", "secret"));
    push("x:1", image, List.of(), Compression.GZIP, me);
    registry.requireBearer("me", "secret");
    push("y:1", image, List.of(), Compression.GZIP, me);
    assertThat(registry.manifest("y", "1")).isNotNull();
    assertThat(registry.log()).anyMatch(l -> l.contains("scope=repository%3Ay%3Apull%2Cpush"));
  }
}
