package io.slipway.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Ways to a daemon other than its unix socket: TLS with certificates on both sides, ssh (played by
 * a script on the PATH), contexts. Each with docker and with our own command. Needs root.
 */
class TransportsIT {
  private static final int PIPED_BYTES = 3_000_000;

  @TempDir static Path temp;
  private static SlipwayDaemon daemon;
  private static Path certificates;
  private static String port;

  @BeforeAll
  static void start() throws IOException {
    certificates = Files.createDirectory(temp.resolve("tls"));
    new Shell(temp, java.util.Map.of()).run(resource("tls/make"), certificates.toString()).text();
    port = "tcp://127.0.0.1:" + RegistryProcess.freePort();
    daemon =
        new SlipwayDaemon(
            temp.resolve("daemon"),
            SlipwayDaemon.Network.numbered(24),
            "-H",
            port,
            "--tlsverify",
            "--tlscacert",
            file("ca.pem"),
            "--tlscert",
            file("daemon.pem"),
            "--tlskey",
            file("daemon-key.pem"));
    daemon.importBase("busybox");
  }

  @AfterAll
  static void stop() throws IOException {
    try (SlipwayDaemon ours = daemon) {
      assertThat(Leftovers.of(ours)).isEmpty();
    }
  }

  private static String resource(String name) {
    return Path.of("src/test/resources", name).toAbsolutePath().toString();
  }

  private static String file(String name) {
    return certificates.resolve(name).toString();
  }

  private static String program(String name) {
    return name.equals("slipway") ? SlipwayDaemon.LAUNCHER : name;
  }

  /** A shell that knows the daemon by its port alone. */
  private static Shell byPort() {
    return daemon
        .shell(temp)
        .with("DOCKER_HOST", port)
        .with("DOCKER_TLS_VERIFY", "1")
        .with("DOCKER_CERT_PATH", certificates.resolve("docker").toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker", "slipway"})
  void standardInputEndsAloneOverTls(String name) {
    Shell.Result counted =
        byPort()
            .run(
                new ByteArrayInputStream(new byte[PIPED_BYTES]),
                program(name),
                "run",
                "-i",
                "--rm",
                "--network",
                "none",
                "busybox",
                "sh",
                "-c",
                "wc -c; echo end >&2; exit 4");
    assertThat(counted.out()).as(counted.toString()).isEqualTo(PIPED_BYTES + "\n");
    assertThat(counted.err()).isEqualTo("end\n");
    assertThat(counted.exitCode()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker", "slipway"})
  void whoShowsNoCertificateOrAStrangersStaysOut(String name) {
    Shell.Result none =
        byPort().with("DOCKER_CERT_PATH", certificates.toString()).run(program(name), "version");
    assertThat(none.exitCode()).as(none.toString()).isNotZero();
    assertThat(none.err()).containsIgnoringCase("certificate");
    Shell.Result stranger =
        byPort()
            .run(
                program(name),
                "--tlscert",
                file("stranger.pem"),
                "--tlskey",
                file("stranger-key.pem"),
                "ps");
    assertThat(stranger.exitCode()).as(stranger.toString()).isNotZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker", "slipway"})
  void aDaemonThatCannotProveItselfIsNotTalkedTo(String name) {
    Shell.Result result = byPort().run(program(name), "--tlscacert", file("stranger.pem"), "ps");
    assertThat(result.exitCode()).as(result.toString()).isNotZero();
    assertThat(result.err()).containsIgnoringCase("certif");
  }

  @Test
  void aContextWithCertificatesServesBothPrograms() throws IOException {
    Shell plain = daemon.shell(temp).with("DOCKER_HOST", "");
    for (String maker : List.of("docker", "slipway")) {
      Path config = Files.createDirectory(temp.resolve("config-" + maker));
      Shell shell = plain.with("DOCKER_CONFIG", config.toString());
      shell
          .run(
              program(maker),
              "context",
              "create",
              "far",
              "--docker",
              "host=%s,ca=%s,cert=%s,key=%s"
                  .formatted(port, file("ca.pem"), file("docker/cert.pem"), file("docker/key.pem")))
          .text();
      shell.run(program(maker), "context", "use", "far").text();
      for (String user : List.of("docker", "slipway")) {
        assertThat(shell.run(program(user), "images", "-q").text()).hasLineCount(1);
        assertThat(shell.run(program(user), "--context", "far", "ps", "-q").text()).isEmpty();
      }
      assertThat(shell.run(SlipwayDaemon.LAUNCHER, "context", "inspect").text())
          .isEqualTo(shell.run("docker", "context", "inspect").text());
    }
  }

  @Test
  void contextsMoveAsArchivesBetweenThePrograms() throws IOException {
    Path config = Files.createDirectory(temp.resolve("config-moved"));
    Shell shell =
        daemon.shell(config).with("DOCKER_HOST", "").with("DOCKER_CONFIG", config.toString());
    String to = "host=unix://" + daemon.socket();
    shell.run("docker", "context", "create", "one", "--docker", to, "--description", "d").text();
    shell.run("docker", "context", "export", "one").text();
    shell.run(SlipwayDaemon.LAUNCHER, "context", "import", "two", "one.dockercontext").text();
    shell.run(SlipwayDaemon.LAUNCHER, "context", "export", "two").text();
    shell.run("docker", "context", "import", "three", "two.dockercontext").text();
    assertThat(shell.run("docker", "-c", "three", "images", "-q").text()).hasLineCount(1);
    String rows = "{{.Name}} {{.Description}} {{.DockerEndpoint}} {{.Current}}";
    assertThat(others(shell.run(SlipwayDaemon.LAUNCHER, "context", "ls", "--format", rows)))
        .isEqualTo(others(shell.run("docker", "context", "ls", "--format", rows)))
        .hasSize(3);
    shell.run(SlipwayDaemon.LAUNCHER, "context", "rm", "one", "two", "three").text();
    assertThat(others(shell.run("docker", "context", "ls"))).hasSize(1);
  }

  /** Without the default context, which is each program's own. */
  private static List<String> others(Shell.Result result) {
    return result.text().lines().filter(line -> !line.startsWith("default")).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "context create _x --docker host=unix:///x",
        "context create x --docker bad=1",
        "context use nosuch",
        "context inspect nosuch",
        "context show",
        "-c nosuch ps",
        "-c one -H unix:///x ps"
      })
  void aContextThatIsNotThereIsRefusedInDockersWords(String words) throws IOException {
    Shell shell =
        daemon.shell(temp).with("DOCKER_HOST", "").with("DOCKER_CONFIG", temp + "/no-config");
    Shell.Result dockers = shell.sh("docker " + words);
    Shell.Result ours = shell.sh(SlipwayDaemon.LAUNCHER + " " + words);
    assertThat(ours.out()).isEqualTo(dockers.out());
    assertThat(ours.exitCode()).isEqualTo(dockers.exitCode());
    String reason = dockers.err().lines().findFirst().orElse("");
    assertThat(ours.err())
        .contains(
            reason.substring(reason.indexOf("context \"") < 0 ? 0 : reason.indexOf("context \"")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker", "slipway"})
  void sshReachesTheDaemonOfAnotherMachine(String name) throws IOException {
    Shell shell = bySsh();
    assertThat(shell.run(program(name), "images", "-q").text()).hasLineCount(1);
    Shell.Result counted =
        shell.run(
            new ByteArrayInputStream("typed\n".getBytes(StandardCharsets.UTF_8)),
            program(name),
            "run",
            "-i",
            "--rm",
            "--network",
            "none",
            "busybox",
            "cat");
    assertThat(counted.text()).isEqualTo("typed\n");
    assertThat(Files.readString(temp.resolve("ssh/log"))).contains("-l me", "-p 2222", "far.test");
  }

  @Test
  void whatSshSaysIsTheReason() throws IOException {
    Shell.Result result = bySsh().run(SlipwayDaemon.LAUNCHER, "-H", "ssh://down.test", "ps");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("no route to down.test");
  }

  /** An ssh that runs the command here, where {@code docker} is a link to our program. */
  private static Shell bySsh() throws IOException {
    Path folder = temp.resolve("ssh");
    if (Files.notExists(folder)) {
      Path far = Files.createDirectories(folder.resolve("far"));
      Files.createSymbolicLink(far.resolve("docker"), Path.of(SlipwayDaemon.LAUNCHER));
      Path ssh = Files.createFile(folder.resolve("ssh"));
      Files.writeString(
          ssh,
          """
          #!/bin/sh
          echo "$@" >>%1$s/log
          while [ "$1" != -- ]; do shift; done
          [ "$2" = down.test ] && echo no route to down.test >&2 && exit 255
          shift 2
          export DOCKER_HOST=unix://%2$s PATH="%1$s/far:$PATH"
          exec sh -c "$*"
          """
              .formatted(folder, daemon.socket()));
      assertThat(ssh.toFile().setExecutable(true)).isTrue();
    }
    return daemon
        .shell(temp)
        .with("PATH", folder + ":" + System.getenv("PATH"))
        .with("DOCKER_HOST", "ssh://me@far.test:2222");
  }

  @Test
  void aPortWithoutTlsIsWarnedOfOrRefused() {
    Shell shell = daemon.shell(temp);
    Shell.Result refused = shell.run(SlipwayDaemon.LAUNCHER, "daemon", "-H", "tcp://0.0.0.0:1");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err())
        .contains("refusing to listen on tcp://0.0.0.0:1", "--tlsverify", "--tls=false");
    Shell.Result missing =
        shell.run(
            SlipwayDaemon.LAUNCHER, "daemon", "-H", port, "--tlsverify", "--tlscert", "/no/cert");
    assertThat(missing.exitCode()).isEqualTo(1);
    assertThat(missing.err()).contains("/no/cert: no such file or directory");
  }
}
