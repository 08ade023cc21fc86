package io.slipway.image.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.catalog.FileLayerIndex;
import io.slipway.image.content.DirectoryBlobStore;
import io.slipway.image.content.Leases;
import io.slipway.image.content.VerifiedBlobs;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Compression;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ManifestFormat;
import io.slipway.image.model.MediaTypes;
import io.slipway.image.model.Platform;
import io.slipway.image.name.Reference;
import io.slipway.image.remote.TestImages.TestImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against Debian's docker-registry: the peer's real answers. */
@Timeout(120)
class RemoteIT {
  private static final CredentialSource ME =
      CredentialSource.of(new Credentials.Basic("me", "secret"));

  @TempDir private Path root;
  private final RegistryConnections connections =
      new RegistryConnections(
          RegistrySettings.DEFAULT.withPatience(Duration.ofSeconds(10), 5, Duration.ofMillis(50)));
  private final Leases leases = new Leases();
  private final List<TransferEvent> events = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void stop() {
    connections.close();
  }

  /** One machine's data. */
  private record Side(DirectoryBlobStore store, FileLayerIndex index) {
    static Side open(Path root) throws IOException {
      return new Side(
          DirectoryBlobStore.open(root.resolve("blobs"), Duration.ZERO),
          FileLayerIndex.open(root.resolve("layers")));
    }
  }

  private PushedImage push(
      Side side, String name, TestImage image, ManifestFormat format, CredentialSource who)
      throws IOException {
    Pusher pusher =
        new Pusher(
            connections,
            side.store(),
            side.index(),
            new TestImages.PackedLayers(new VerifiedBlobs(side.store()), image));
    try (var lease = leases.open()) {
      return pusher.push(
          new PushRequest(
              Reference.parse(name), image.config(), List.of(), format, Compression.GZIP, who),
          lease,
          events::add);
    }
  }

  private PulledImage pull(Side side, String name, CredentialSource who) throws IOException {
    try (var lease = leases.open()) {
      return new Puller(connections, side.store(), side.index())
          .pull(
              new PullRequest(Reference.parse(name), Platform.parse("linux/amd64"), who),
              lease,
              PullSink.BLOBS_ONLY,
              events::add);
    }
  }

  @Test
  void roundTripsInBothFormats() throws IOException {
    try (DebianRegistry registry = DebianRegistry.start(root, false)) {
      TestImage image = TestImages.image(5_000_000, 10, 2_000_000);
      for (ManifestFormat format : ManifestFormat.values()) {
        String name = registry.domain() + "/a/" + format.name().toLowerCase() + ":1";
        Side from = Side.open(root.resolve("from" + format));
        Side to = Side.open(root.resolve("to" + format));
        PushedImage pushed = push(from, name, image, format, CredentialSource.ANONYMOUS);
        PulledImage pulled = pull(to, name, CredentialSource.ANONYMOUS);
        assertThat(pulled.manifest()).isEqualTo(pushed.manifest());
        assertThat(pulled.config()).isEqualTo(image.config());
        for (var layer : pushed.manifest().layers()) {
          assertThat(new VerifiedBlobs(to.store()).verify(layer.digest())).isTrue();
        }
        // what was pulled can be mounted into another repository of the same registry
        events.clear();
        Pusher again =
            new Pusher(
                connections,
                to.store(),
                to.index(),
                new TestImages.PackedLayers(new VerifiedBlobs(to.store()), image));
        try (var lease = leases.open()) {
          again.push(
              new PushRequest(
                  Reference.parse(registry.domain() + "/other/" + format.name().toLowerCase()),
                  pulled.config(),
                  List.of(pulled.manifest()),
                  format,
                  Compression.GZIP,
                  CredentialSource.ANONYMOUS),
              lease,
              events::add);
        }
        assertThat(events).filteredOn(e -> e.state() == TransferState.MOUNTED).hasSize(3);
      }
    }
  }

  @Test
  void skopeoReadsWhatWePushAndWeReadWhatItPushes() throws Exception {
    try (DebianRegistry registry = DebianRegistry.start(root, true)) {
      TestImage image = TestImages.image(100_000, 10);
      Side from = Side.open(root.resolve("from"));
      Side to = Side.open(root.resolve("to"));
      String ours = registry.domain() + "/ours:1";
      String theirs = registry.domain() + "/theirs:1";
      push(from, ours, image, ManifestFormat.DOCKER, ME);
      Process skopeo =
          new ProcessBuilder(
                  "skopeo",
                  "copy",
                  "--src-tls-verify=false",
                  "--dest-tls-verify=false",
                  "--src-creds=me:secret",
                  "--dest-creds=me:secret",
                  "--format=oci",
                  "docker://" + ours,
                  "docker://" + theirs)
              .redirectErrorStream(true)
              .redirectOutput(root.resolve("skopeo.log").toFile())
              .start();
      assertThat(skopeo.waitFor()).as(root.resolve("skopeo.log").toString()).isZero();
      PulledImage pulled = pull(to, theirs, ME);
      assertThat(pulled.manifest().descriptor().mediaType()).isEqualTo(MediaTypes.OCI_MANIFEST);
      assertThat(pulled.config().rootFs()).isEqualTo(image.config().rootFs());
    }
  }

  @Test
  void errorsHaveDockersWords() throws IOException {
    try (DebianRegistry registry = DebianRegistry.start(root, false)) {
      Side side = Side.open(root.resolve("side"));
      String name = registry.domain() + "/x";
      assertThatThrownBy(() -> pull(side, name, CredentialSource.ANONYMOUS))
          .hasMessage(
              "manifest for " + name + ":latest not found: manifest unknown: manifest unknown");
      push(side, name, TestImages.image(10), ManifestFormat.DOCKER, CredentialSource.ANONYMOUS);
      RegistryClient client =
          connections.forPush(Reference.parse(name).repository(), CredentialSource.ANONYMOUS);
      assertThat(client.tags()).containsExactly("latest");
      Digest digest = client.head("latest").orElseThrow().digest();
      assertThat(client.deleteManifest(digest.toString())).isTrue();
      assertThat(client.deleteManifest(digest.toString())).isFalse();
    }
  }

  @Test
  void authorizes() throws IOException {
    try (DebianRegistry registry = DebianRegistry.start(root, true)) {
      Side side = Side.open(root.resolve("side"));
      String name = registry.domain() + "/x:1";
      TestImage image = TestImages.image(3_000_000);
      assertThatThrownBy(
              () -> push(side, name, image, ManifestFormat.OCI, CredentialSource.ANONYMOUS))
          .hasMessage("no basic auth credentials");
      push(side, name, image, ManifestFormat.OCI, ME);
      assertThatThrownBy(() -> pull(side, name, CredentialSource.ANONYMOUS))
          .hasMessage(
              "Head \"http://"
                  + registry.domain()
                  + "/v2/x/manifests/1\": no basic auth credentials");
      assertThat(pull(side, name, ME).config()).isEqualTo(image.config());
      connections.login(registry.domain(), new Credentials.Basic("me", "secret"));
      assertThatThrownBy(
              () -> connections.login(registry.domain(), new Credentials.Basic("me", "no")))
          .isInstanceOfSatisfying(
              SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNAUTHORIZED));
    }
  }

  @Test
  void survivesCutConnectionsBothWays() throws IOException {
    try (DebianRegistry registry = DebianRegistry.start(root, false);
        CuttingProxy proxy = new CuttingProxy(registry.domain())) {
      TestImage image = TestImages.image(6_000_000);
      String name = proxy.domain() + "/x:1";
      Side from = Side.open(root.resolve("from"));
      Side to = Side.open(root.resolve("to"));
      proxy.cutNextAfter(2_000_000);
      push(from, name, image, ManifestFormat.OCI, CredentialSource.ANONYMOUS);
      proxy.cutNextAfter(2_000_000);
      assertThat(pull(to, name, CredentialSource.ANONYMOUS).config()).isEqualTo(image.config());
      assertThat(proxy.cuts()).isEqualTo(2);
    }
  }

  /** Passes bytes on until it has passed enough, then drops that connection. */
  private static final class CuttingProxy implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    private final int target;
    private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong cuts = new AtomicLong();

    CuttingProxy(String target) throws IOException {
      this.target = Integer.parseInt(target.substring(target.indexOf(':') + 1));
      Thread.ofVirtual().start(this::accept);
    }

    String domain() {
      return "127.0.0.1:" + server.getLocalPort();
    }

    void cutNextAfter(long bytes) {
      left.set(bytes);
    }

    long cuts() {
      return cuts.get();
    }

    private void accept() {
      while (!server.isClosed()) {
        try {
          Socket client = server.accept();
          Socket registry = new Socket("127.0.0.1", target);
          Thread.ofVirtual().start(() -> pump(client, registry));
          Thread.ofVirtual().start(() -> pump(registry, client));
        } catch (IOException e) {
          // closed, or the registry is gone: the client sees a refused connection
          return;
        }
      }
    }

    private void pump(Socket from, Socket to) {
      byte[] buffer = new byte[16 << 10];
      try (from;
          to;
          InputStream in = from.getInputStream();
          OutputStream out = to.getOutputStream()) {
        while (true) {
          int read = in.read(buffer);
          if (read < 0) {
            return;
          }
          if (left.addAndGet(-read) < 0) {
            left.set(Long.MAX_VALUE);
            cuts.incrementAndGet();
            return;
          }
          out.write(buffer, 0, read);
        }
      } catch (IOException e) {
        // the other direction was cut
        return;
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }
}
