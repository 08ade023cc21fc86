package io.slipway.registry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.remote.Credentials;
import io.slipway.image.remote.RegistryConnections;
import io.slipway.registry.auth.HtpasswdFile;
import io.slipway.registry.config.ListenAddress;
import io.slipway.registry.config.RegistrySettings;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real clients of a registry with TLS of its own authority and tokens. It listens on an address of
 * this machine that is not loopback, whose certificates docker does not check.
 */
class TlsClientsIT {
  private static final Path DOCKER_CERTS = Path.of("/etc/docker/certs.d");
  private static final String POLICIES =
      "[{repositories: ['**'], users: [ann], actions: [pull, push, delete]},"
          + " {repositories: ['it/**'], users: [bob], actions: [pull]}]";

  @TempDir Path folder;
  private RegistryServer server;
  private String domain;
  private Path authority;
  private OciLayout image;

  @BeforeEach
  void open() throws Exception {
    Path users = folder.resolve("users");
    HtpasswdFile.put(users, "ann", "secret");
    HtpasswdFile.put(users, "bob", "secret");
    server =
        RegistryServer.open(
            RegistrySettings.of(
                ListenAddress.parse(ownAddress() + ":0"),
                folder.resolve("root"),
                Map.of(
                    "tls.mode",
                    "auto",
                    "auth.scheme",
                    "token",
                    "auth.htpasswd",
                    users.toString(),
                    "auth.policies",
                    POLICIES,
                    "log.audit",
                    folder.resolve("audit.jsonl").toString())),
            line -> {});
    domain = server.address().toString();
    authority = folder.resolve("root/tls/ca.crt");
    image = OciLayout.write(folder.resolve("layout"), 2, 100_000);
  }

  @AfterEach
  void close() {
    server.close();
  }

  /** Bridges come and go with the containers of others. */
  private static String ownAddress() throws IOException {
    return NetworkInterface.networkInterfaces()
        .filter(card -> !Files.exists(Path.of("/sys/class/net", card.getName(), "bridge")))
        .filter(card -> !Files.exists(Path.of("/sys/class/net", card.getName(), "tun_flags")))
        .filter(card -> !card.getName().startsWith("veth"))
        .flatMap(NetworkInterface::inetAddresses)
        .filter(Inet4Address.class::isInstance)
        .filter(address -> !address.isLoopbackAddress())
        .map(InetAddress::getHostAddress)
        .findFirst()
        .orElseThrow();
  }

  private String remote(String nameAndTag) {
    return "docker://" + domain + "/" + nameAndTag;
  }

  @Test
  void skopeoTrustsTheAuthorityAndGetsWhatItsUserMay() throws Exception {
    Path certs = Files.createDirectories(folder.resolve("certs"));
    Files.copy(authority, certs.resolve("ca.crt"));
    String trust = "--dest-cert-dir=" + certs;
    String untrusted =
        ClientCommand.fail(
            folder,
            "skopeo",
            "copy",
            "--dest-creds=ann:secret",
            image.toString(),
            remote("it/a:1"));
    assertThat(untrusted).contains("x509");
    ClientCommand.run(
        folder,
        "skopeo",
        "copy",
        trust,
        "--dest-creds=ann:secret",
        image.toString(),
        remote("it/a:1"));
    assertThat(
            ClientCommand.fail(
                folder,
                "skopeo",
                "copy",
                trust,
                "--dest-creds=bob:secret",
                image.toString(),
                remote("it/a:2")))
        .containsAnyOf("denied", "unauthorized");
    String inspect = "--cert-dir=" + certs;
    ClientCommand.run(folder, "skopeo", "inspect", inspect, "--creds=bob:secret", remote("it/a:1"));
    for (String stranger : List.of("--no-creds", "--creds=bob:guess")) {
      assertThat(
              ClientCommand.fail(folder, "skopeo", "inspect", inspect, stranger, remote("it/a:1")))
          .containsAnyOf("unauthorized", "authentication required");
    }
    assertThat(
            ClientCommand.fail(
                folder, "skopeo", "delete", inspect, "--creds=bob:secret", remote("it/a:1")))
        .containsAnyOf("denied", "unauthorized");
    ClientCommand.run(folder, "skopeo", "delete", inspect, "--creds=ann:secret", remote("it/a:1"));
    // lines are written after their answers
    server.close();
    assertThat(Files.readAllLines(folder.resolve("audit.jsonl")))
        .anyMatch(l -> l.contains("token.issued") && l.contains("repository:it/a:pull,push"))
        .anyMatch(l -> l.contains("manifest.pushed") && l.contains("\"user\":\"ann\""))
        .anyMatch(l -> l.contains("login.failed"))
        .anyMatch(l -> l.contains("manifest.deleted"))
        .noneMatch(l -> l.contains("manifest.pushed") && l.contains("\"user\":\"bob\""));
  }

  @Test
  void dockerAndOurClientReadTheAuthorityFromCertsD() throws Exception {
    Path archive = folder.resolve("image.tar");
    ClientCommand.run(
        folder, "skopeo", "copy", image.toString(), "docker-archive:" + archive + ":app:1");
    Path certs = DOCKER_CERTS.resolve(domain);
    try (DockerDaemon daemon = DockerDaemon.start(folder.resolve("d"))) {
      daemon.docker("load", "-i", archive.toString());
      String name = domain + "/it/docker:1";
      daemon.docker("tag", "app:1", name);
      assertThat(daemon.dockerFails("login", "-u", "ann", "-p", "secret", domain)).contains("x509");
      Files.createDirectories(certs);
      Files.copy(authority, certs.resolve("ca.crt"));
      assertThat(daemon.dockerFails("login", "-u", "ann", "-p", "guess", domain))
          .contains("unauthorized");
      daemon.docker("login", "-u", "ann", "-p", "secret", domain);
      assertThat(daemon.docker("push", name)).contains("Pushed");
      daemon.docker("login", "-u", "bob", "-p", "secret", domain);
      daemon.docker("rmi", name);
      daemon.docker("pull", name);
      assertThat(daemon.dockerFails("push", name)).containsAnyOf("denied", "unauthorized");
      ourClientLogsIn();
    } finally {
      Files.deleteIfExists(certs.resolve("ca.crt"));
      Files.deleteIfExists(certs);
    }
  }

  private void ourClientLogsIn() throws IOException {
    try (RegistryConnections connections =
        new RegistryConnections(io.slipway.image.remote.RegistrySettings.DEFAULT)) {
      connections.login(domain, new Credentials.Basic("ann", "secret"));
      assertThatThrownBy(() -> connections.login(domain, new Credentials.Basic("ann", "guess")))
          .isInstanceOfSatisfying(
              SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNAUTHORIZED));
    }
  }
}
