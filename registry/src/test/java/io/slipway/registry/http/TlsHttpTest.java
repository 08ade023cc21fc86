package io.slipway.registry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.registry.auth.jwt.TestAuthority;
import io.slipway.registry.config.ListenAddress;
import io.slipway.registry.config.RegistrySettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsHttpTest {
  @TempDir Path folder;
  private final List<String> log = new CopyOnWriteArrayList<>();

  private RegistryServer open(Map<String, String> settings) {
    return RegistryServer.open(
        RegistrySettings.of(ListenAddress.parse("127.0.0.1:0"), folder.resolve("root"), settings),
        log::add);
  }

  private static HttpResponse<byte[]> send(
      SSLContext context, RegistryServer server, HttpRequest.Builder request, String target)
      throws Exception {
    try (HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
      URI uri = URI.create("https://" + server.address() + target);
      return client.send(request.uri(uri).build(), BodyHandlers.ofByteArray());
    }
  }

  private static HttpResponse<byte[]> get(SSLContext context, RegistryServer server, String target)
      throws Exception {
    return send(context, server, HttpRequest.newBuilder(), target);
  }

  @Test
  void anOwnAuthorityIsMadeAndKept() throws Exception {
    byte[] blob = RegistryFixture.random(3_000_000);
    X509Certificate authority;
    X509Certificate first;
    try (RegistryServer server = open(Map.of("tls.mode", "auto"))) {
      authority = TestAuthority.read(folder.resolve("root/tls/ca.crt"));
      first = TestAuthority.read(folder.resolve("root/tls/server.crt"));
      SSLContext context = TestAuthority.client(authority, null);
      HttpResponse<byte[]> pushed =
          send(
              context,
              server,
              HttpRequest.newBuilder().POST(BodyPublishers.ofByteArray(blob)),
              "/v2/a/blobs/uploads/?digest=" + Digest.of(blob));
      assertThat(pushed.statusCode()).isEqualTo(201);
      assertThat(get(context, server, "/v2/a/blobs/" + Digest.of(blob)).body()).isEqualTo(blob);
      assertThatThrownBy(() -> get(SSLContext.getDefault(), server, "/v2/"))
          .as("nobody else trusts it")
          .isInstanceOf(SSLException.class);
      assertThat(log).anyMatch(l -> l.contains("made a CA") && l.contains("tls/ca.crt"));
      assertThat(log).noneMatch(l -> l.contains("native TLS is not available"));
      assertThat(handshake(context, server, "TLSv1.2")).isEqualTo("TLSv1.2");
      assertThat(handshake(context, server, "TLSv1.3")).isEqualTo("TLSv1.3");
    }
    assertThat(Files.getPosixFilePermissions(folder.resolve("root/tls/ca.key"))).hasSize(2);
    assertThat(Files.getPosixFilePermissions(folder.resolve("root/tls/server.key"))).hasSize(2);
    try (RegistryServer server = open(Map.of("tls.mode", "auto"))) {
      assertThat(TestAuthority.read(folder.resolve("root/tls/server.crt"))).isEqualTo(first);
      SSLContext context = TestAuthority.client(authority, null);
      assertThat(get(context, server, "/v2/").statusCode()).isEqualTo(200);
    }
    try (RegistryServer server =
        open(Map.of("tls.mode", "auto", "tls.names", "registry.example,10.1.2.3"))) {
      X509Certificate named = TestAuthority.read(folder.resolve("root/tls/server.crt"));
      assertThat(named).as("the new names are in").isNotEqualTo(first);
      assertThat(named.getSubjectAlternativeNames())
          .extracting(n -> n.get(1).toString())
          .contains("registry.example", "10.1.2.3", "localhost", "127.0.0.1");
      SSLContext context = TestAuthority.client(authority, null);
      assertThat(get(context, server, "/v2/").statusCode()).as("same CA").isEqualTo(200);
    }
  }

  private static String handshake(SSLContext context, RegistryServer server, String protocol)
      throws IOException {
    try (SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(server.address().host(), server.address().port())) {
      socket.setEnabledProtocols(new String[] {protocol});
      socket.startHandshake();
      return socket.getSession().getProtocol();
    }
  }

  @Test
  void replacedFilesAreUsedWithoutARestart() throws Exception {
    TestAuthority authority = new TestAuthority();
    Path certificate = folder.resolve("server.crt");
    Path key = folder.resolve("server.key");
    authority.issue("first", "EC").write(certificate, key);
    SSLContext context = TestAuthority.client(authority.certificate(), null);
    try (RegistryServer server =
        open(Map.of("tls.cert", certificate.toString(), "tls.key", key.toString()))) {
      assertThat(get(context, server, "/v2/").statusCode()).isEqualTo(200);
      TestAuthority.Issued second = authority.issue("second", "RSA");
      Files.writeString(key, TestAuthority.pem(second.keys().getPrivate()));
      await(() -> log.stream().anyMatch(l -> l.contains("is not the key of")));
      assertThat(subject(context, server)).as("a pair that fits is kept").isEqualTo("CN=first");
      second.write(certificate, key);
      await(() -> subject(context, server).equals("CN=second"));
      Files.delete(certificate);
      await(() -> log.stream().anyMatch(l -> l.contains("cannot read")));
      assertThat(subject(context, server)).isEqualTo("CN=second");
    }
  }

  private static String subject(SSLContext context, RegistryServer server) throws Exception {
    HttpResponse<byte[]> answer = get(context, server, "/v2/");
    X509Certificate shown =
        (X509Certificate) answer.sslSession().orElseThrow().getPeerCertificates()[0];
    return shown.getSubjectX500Principal().getName();
  }

  private static void await(java.util.concurrent.Callable<Boolean> condition) throws Exception {
    Instant limit = Instant.now().plus(Duration.ofSeconds(30));
    while (!condition.call()) {
      assertThat(Instant.now()).isBefore(limit);
      Thread.sleep(50);
    }
  }

  @Test
  void aClientCertificateNamesItsUser() throws Exception {
    TestAuthority authority = new TestAuthority();
    TestAuthority stranger = new TestAuthority();
    Path clientCa = folder.resolve("clients.crt");
    Files.writeString(clientCa, TestAuthority.pem(authority.certificate()));
    Map<String, String> settings =
        Map.of(
            "tls.mode",
            "auto",
            "tls.client-ca",
            clientCa.toString(),
            "auth.scheme",
            "basic",
            "auth.policies",
            "[{repositories: ['a/**'], users: [robot], actions: [pull, push]}]",
            "log.access",
            "true");
    try (RegistryServer server = open(settings)) {
      X509Certificate own = TestAuthority.read(folder.resolve("root/tls/ca.crt"));
      SSLContext robot = TestAuthority.client(own, authority.issue("robot", "EC"));
      assertThat(get(robot, server, "/v2/").statusCode()).isEqualTo(200);
      assertThat(get(robot, server, "/v2/a/x/tags/list").statusCode()).isEqualTo(404);
      assertThat(get(robot, server, "/v2/b/tags/list").statusCode()).isEqualTo(403);
      SSLContext nobody = TestAuthority.client(own, null);
      assertThat(get(nobody, server, "/v2/").statusCode()).isEqualTo(401);
      SSLContext other = TestAuthority.client(own, stranger.issue("robot", "EC"));
      assertThat(statusOrNone(other, server)).isIn(0, 401);
      assertThat(log).anyMatch(l -> l.contains("user=\"robot\""));
    }
    Map<String, String> required = new java.util.HashMap<>(settings);
    required.put("tls.client-cert-required", "true");
    try (RegistryServer server = open(required)) {
      X509Certificate own = TestAuthority.read(folder.resolve("root/tls/ca.crt"));
      assertThat(statusOrNone(TestAuthority.client(own, null), server)).isZero();
      SSLContext robot = TestAuthority.client(own, authority.issue("robot", "EC"));
      assertThat(get(robot, server, "/v2/").statusCode()).isEqualTo(200);
    }
  }

  /** 0 when TLS already refuses. */
  private static int statusOrNone(SSLContext context, RegistryServer server) throws Exception {
    try {
      return get(context, server, "/v2/").statusCode();
    } catch (IOException e) {
      return 0;
    }
  }

  @Test
  void unusableFilesAreNamed() throws Exception {
    TestAuthority authority = new TestAuthority();
    Path certificate = folder.resolve("c");
    Path key = folder.resolve("k");
    authority.issue("x", "EC").write(certificate, key);
    Path otherKey = folder.resolve("k2");
    authority.issue("y", "EC").write(folder.resolve("c2"), otherKey);
    Path rsaKey = folder.resolve("k3");
    authority.issue("z", "RSA").write(folder.resolve("c3"), rsaKey);
    Path absent = folder.resolve("absent");
    for (List<Path> bad :
        List.of(
            List.of(certificate, otherKey),
            List.of(certificate, rsaKey),
            List.of(certificate, certificate),
            List.of(key, key),
            List.of(absent, key),
            List.of(certificate, absent))) {
      Map<String, String> settings =
          Map.of("tls.cert", bad.get(0).toString(), "tls.key", bad.get(1).toString());
      assertThatThrownBy(() -> open(settings).close())
          .as(bad.toString())
          .isInstanceOf(SlipwayException.class)
          .hasMessageContaining(folder.toString());
    }
    assertThatThrownBy(() -> open(Map.of("tls.cert", certificate.toString())))
        .hasMessageContaining("cert and key go together");
  }
}
