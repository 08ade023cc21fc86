package io.slipway.registry.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.image.remote.DebianRegistry;
import io.slipway.registry.config.ListenAddress;
import io.slipway.registry.config.RegistrySettings;
import io.slipway.registry.conformance.Case.Since;
import io.slipway.registry.http.RegistryServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  @Test
  void passwordsChangeNothing() throws Exception {
    byte[] salt = "0123456789abcdef".getBytes(StandardCharsets.UTF_8);
    String hash = OpenBSDBCrypt.generate("2y", "secret".toCharArray(), salt, 4);
    Path users = Files.writeString(folder.resolve("users"), "ann:" + hash + "\n");
    RegistrySettings secured =
        RegistrySettings.of(
            ListenAddress.parse("127.0.0.1:0"),
            folder.resolve("secured"),
            Map.of("auth.htpasswd", users.toString()));
    try (RegistryServer server = RegistryServer.open(secured, line -> {})) {
      Target open = Target.open(server.address().toString());
      String basic = Base64.getEncoder().encodeToString("ann:secret".getBytes());
      Target known = new Target(open.root(), open.client(), Optional.of("Basic " + basic));
      assertThat(Suite.run(Suite.cases(), known)).allMatch(Suite.Outcome::passed);
      Probe stranger = new Probe(open);
      for (String method : List.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")) {
        stranger.send(method, "/v2/a/manifests/b").status(401, 405);
      }
      stranger.get("/v2/").status(401).header("WWW-Authenticate", "*").error("UNAUTHORIZED");
      assertThat(stranger.failures()).isEmpty();
    }
  }
}
