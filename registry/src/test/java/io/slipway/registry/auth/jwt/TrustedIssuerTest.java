package io.slipway.registry.auth.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Issuers elsewhere: their keys at a URL that changes, and their certificates. */
class TrustedIssuerTest {
  @TempDir Path folder;
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  private final Clock clock =
      InstantSource.offset(now::get, Duration.ZERO).withZone(ZoneOffset.UTC);
  private final List<String> notices = new CopyOnWriteArrayList<>();

  private void pass(Duration time) {
    now.set(now.get().plus(time));
  }

  private String token(String header, KeyPair keys) {
    String claims =
        "{\"iss\":\"i\",\"sub\":\"ann\",\"aud\":\"us\",\"exp\":%d}"
            .formatted(now.get().getEpochSecond() + 300);
    return Forge.token(header, claims, "ES256", keys.getPrivate());
  }

  private String named(String kid, KeyPair keys) {
    return token("{\"alg\":\"ES256\",\"kid\":\"" + kid + "\"}", keys);
  }

  private static void refused(TokenVerifier verifier, String token, String reason) {
    assertThatThrownBy(() -> verifier.verify(token))
        .isInstanceOf(TokenRefused.class)
        .hasMessageContaining(reason);
  }

  @Test
  void keysAtAUrlAreFetchedKeptAndFollowed() throws Exception {
    KeyPair first = Forge.ec("secp256r1");
    KeyPair second = Forge.ec("secp256r1");
    AtomicReference<String> answer = new AtomicReference<>(Forge.jwks(first, "\"kid\":\"k1\","));
    AtomicInteger asked = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/keys",
        exchange -> {
          asked.incrementAndGet();
          byte[] body = answer.get().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(body.length == 0 ? 500 : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/keys");
      TokenVerifier verifier = TrustedIssuer.ofUrl(url, "i", Set.of("us"), clock, notices::add);
      assertThat(asked).as("not before there is a token").hasValue(0);
      for (int i = 0; i < 3; i++) {
        assertThat(verifier.verify(named("k1", first)).subject()).isEqualTo("ann");
      }
      assertThat(asked).hasValue(1);
      answer.set(Forge.jwks(second, "\"kid\":\"k2\","));
      refused(verifier, named("k2", second), "not known");
      assertThat(asked).as("whoever names unknown keys makes no load").hasValue(1);
      pass(Duration.ofSeconds(16));
      assertThat(verifier.verify(named("k2", second)).subject()).isEqualTo("ann");
      refused(verifier, named("k1", first), "not known");
      assertThat(asked).hasValue(2);
      for (String broken : List.of("", "no JSON")) {
        answer.set(broken);
        pass(Duration.ofMinutes(11));
        assertThat(verifier.verify(named("k2", second)).subject()).isEqualTo("ann");
      }
      assertThat(asked).hasValue(4);
      assertThat(notices).hasSize(2).allMatch(line -> line.contains(url.toString()));
    } finally {
      server.stop(0);
    }
  }

  private TokenVerifier ofCertificates(X509Certificate... certificates) throws IOException {
    String pem =
        Arrays.stream(certificates).map(TrustedIssuerTest::pem).collect(Collectors.joining());
    Path file = Files.writeString(folder.resolve("certificates.pem"), pem);
    return TrustedIssuer.ofCertificates(file, "i", Set.of("us"), clock, notices::add);
  }

  private static String pem(X509Certificate certificate) {
    try {
      return TestAuthority.pem(certificate);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private String bringing(KeyPair keys, X509Certificate... chain) throws Exception {
    StringBuilder x5c = new StringBuilder();
    for (X509Certificate one : chain) {
      x5c.append(x5c.isEmpty() ? "" : ",")
          .append('"')
          .append(Base64.getEncoder().encodeToString(one.getEncoded()))
          .append('"');
    }
    return token("{\"alg\":\"ES256\",\"x5c\":[" + x5c + "]}", keys);
  }

  @Test
  void aTokenNamesATrustedCertificateOrBringsAChainToOne() throws Exception {
    TestAuthority authority = new TestAuthority();
    TestAuthority.Issued leaf = authority.issue("signer", "EC");
    TestAuthority.Issued other = authority.issue("other", "EC");
    TokenVerifier byLeaf = ofCertificates(leaf.certificate());
    String libtrust = CertificateBundle.libtrustId(leaf.keys().getPublic());
    assertThat(libtrust).matches("([A-Z2-7]{4}:){11}[A-Z2-7]{4}");
    String thumbprint = JwkWriter.write(leaf.keys().getPublic()).orElseThrow().path("kid").asText();
    for (String kid : List.of(libtrust, thumbprint)) {
      assertThat(byLeaf.verify(named(kid, leaf.keys())).subject()).isEqualTo("ann");
      refused(byLeaf, named(kid, other.keys()), "signature");
    }
    assertThat(byLeaf.verify(bringing(leaf.keys(), leaf.certificate())).subject()).isEqualTo("ann");
    TokenVerifier byAuthority = ofCertificates(authority.certificate());
    for (X509Certificate[] chain :
        new X509Certificate[][] {
          {leaf.certificate()}, {leaf.certificate(), authority.certificate()}
        }) {
      assertThat(byAuthority.verify(bringing(leaf.keys(), chain)).subject()).isEqualTo("ann");
      refused(byAuthority, bringing(other.keys(), chain), "signature");
    }
  }

  @Test
  void chainsOfStrangersAndOldCertificatesAreRefused() throws Exception {
    TestAuthority authority = new TestAuthority();
    TestAuthority stranger = new TestAuthority();
    TestAuthority.Issued leaf = authority.issue("signer", "EC");
    TestAuthority.Issued forged = stranger.issue("signer", "EC");
    TokenVerifier verifier = ofCertificates(authority.certificate());
    refused(verifier, bringing(forged.keys(), forged.certificate()), "not trusted");
    refused(
        verifier,
        bringing(forged.keys(), forged.certificate(), stranger.certificate()),
        "not trusted");
    refused(
        verifier,
        bringing(forged.keys(), forged.certificate(), authority.certificate()),
        "not trusted");
    refused(verifier, token("{\"alg\":\"ES256\",\"x5c\":[\"AAAA\"]}", leaf.keys()), "not trusted");
    refused(verifier, token("{\"alg\":\"ES256\",\"x5c\":[]}", leaf.keys()), "");
    pass(Duration.ofDays(2));
    refused(verifier, bringing(leaf.keys(), leaf.certificate()), "not trusted");
    TokenVerifier byLeaf = ofCertificates(leaf.certificate());
    refused(byLeaf, bringing(leaf.keys(), leaf.certificate()), "not trusted");
  }
}
