package io.slipway.registry.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.image.remote.DebianRegistry;
import io.slipway.registry.config.ListenAddress;
import io.slipway.registry.config.RegistrySettings;
import io.slipway.registry.conformance.Case.Since;
import io.slipway.registry.http.RegistryServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The suite against Debian's docker-registry, its score beside ours. What every registry gives the
 * peer must give too, else the suite asks for something nobody does.
 */
class ConformanceIT {
  @TempDir Path folder;

  @Test
  void thePeerPassesTheCoreAndWePassEverything() throws Exception {
    List<Suite.Outcome> ours;
    RegistrySettings config =
        RegistrySettings.of(ListenAddress.parse("127.0.0.1:0"), folder.resolve("ours"));
    try (RegistryServer server = RegistryServer.open(config, line -> {})) {
      ours = Suite.run(Suite.cases(), Target.open(server.address().toString()));
    }
    List<Suite.Outcome> peers;
    try (DebianRegistry peer = DebianRegistry.start(folder.resolve("peer"), false)) {
      peers = Suite.run(Suite.cases(), Target.open(peer.domain()));
    }
    System.out.println(Suite.score("slipway", ours));
    System.out.println(Suite.score("docker-registry 2.8", peers));
    assertThat(ours).allMatch(Suite.Outcome::passed);
    assertThat(peers).anyMatch(outcome -> !outcome.passed());
    assertThat(peers)
        .filteredOn(outcome -> outcome.of().since() == Since.CORE)
        .filteredOn(outcome -> !outcome.passed())
        .map(outcome -> outcome.of().name() + ": " + outcome.failures())
        .isEmpty();
  }

  private RegistrySettings secured(String name, Map<String, String> more) throws IOException {
    byte[] salt = "0123456789abcdef".getBytes(StandardCharsets.UTF_8);
    String hash = OpenBSDBCrypt.generate("2y", "secret".toCharArray(), salt, 4);
    Path users = Files.writeString(folder.resolve("users"), "ann:" + hash + "\n");
    Map<String, String> all = new HashMap<>(more);
    all.put("auth.htpasswd", users.toString());
    return RegistrySettings.of(ListenAddress.parse("127.0.0.1:0"), folder.resolve(name), all);
  }

  private static void strangersAreRefused(Target open) {
    Probe stranger = new Probe(open);
    for (String method : List.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")) {
      stranger.send(method, "/v2/a/manifests/b").status(401, 405);
    }
    stranger.get("/v2/").status(401).header("WWW-Authenticate", "*").error("UNAUTHORIZED");
    assertThat(stranger.failures()).isEmpty();
  }

  @Test
  void passwordsChangeNothing() throws Exception {
    try (RegistryServer server = RegistryServer.open(secured("basic", Map.of()), line -> {})) {
      Target open = Target.open(server.address().toString());
      strangersAreRefused(open);
      Target known = open.with(new ClientAccess.Basic("ann", "secret"));
      assertThat(Suite.run(Suite.cases(), known)).allMatch(Suite.Outcome::passed);
    }
  }

  @Test
  void tlsAndTokensChangeNothing() throws Exception {
    // a token speaks of the repositories it names, so there is nowhere to look for a blob
    List<Case> cases =
        Suite.cases().stream().filter(c -> !c.name().endsWith("mount from anywhere")).toList();
    List<Suite.Outcome> outcomes = new ArrayList<>(withTlsAndTokens("strict", "reject", cases));
    outcomes.addAll(withTlsAndTokens("sparse", "allow-all", Suite.sparseCases()));
    System.out.println(Suite.score("slipway with TLS and tokens", outcomes));
    assertThat(outcomes)
        .filteredOn(outcome -> !outcome.passed())
        .map(outcome -> outcome.of().name() + ": " + outcome.failures())
        .isEmpty();
  }

  private List<Suite.Outcome> withTlsAndTokens(String name, String sparse, List<Case> cases)
      throws Exception {
    Map<String, String> settings =
        Map.of("auth.scheme", "token", "tls.mode", "auto", "manifests.sparse", sparse);
    try (RegistryServer server = RegistryServer.open(secured(name, settings), line -> {})) {
      Target open = secure(server, folder.resolve(name).resolve("tls/ca.crt"));
      strangersAreRefused(open);
      return Suite.run(cases, open.with(new ClientAccess.Token("ann", "secret")));
    }
  }

  private static Target secure(RegistryServer server, Path authority) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (InputStream pem = Files.newInputStream(authority)) {
      trusted.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    HttpClient client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(context).build();
    return new Target(
        URI.create("https://" + server.address()), client, new ClientAccess.Anonymous());
  }
}
