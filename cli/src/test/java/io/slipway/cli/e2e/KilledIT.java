package io.slipway.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.cli.e2e.Shell.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 of the daemon or of the registry in the middle of a build or a push: what was reported
 * done is kept, the next start cleans up, the same command works again. Needs root.
 */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class KilledIT {
  @TempDir static Path temp;
  private SlipwayDaemon daemon;
  private Shell shell;

  @BeforeEach
  void start() throws IOException {
    daemon = new SlipwayDaemon(temp.resolve("daemon"), SlipwayDaemon.Network.numbered(5));
    daemon.importBase("busybox");
    shell = daemon.shell(temp);
  }

  @AfterEach
  void stop() throws IOException {
    try (SlipwayDaemon ours = daemon) {
      assertThat(Leftovers.of(ours)).isEmpty();
    }
  }

  private Result slipway(String... words) {
    String[] command = new String[words.length + 1];
    command[0] = SlipwayDaemon.LAUNCHER;
    System.arraycopy(words, 0, command, 1, words.length);
    return shell.run(command);
  }

  /** Starts a command in the background, its output in a file. */
  private Process begin(Path output, String line) throws IOException {
    return shell.start("sh", "-c", "exec " + line + " >" + output + " 2>&1");
  }

  private static Path context(String dockerfile) throws IOException {
    Path directory = Files.createTempDirectory(temp, "context");
    Files.writeString(directory.resolve("Dockerfile"), dockerfile);
    return directory;
  }

  @Test
  void aKilledBuildKeepsItsFinishedStepsAndImages() throws Exception {
    slipway("build", "-t", "before", context("FROM busybox\nRUN echo 1 >/one\n").toString()).text();
    Path context =
        context(
            "FROM busybox\n"
                + "RUN echo $$-made >/first\n"
                + "RUN echo begun; sleep $(cat /first | wc -l)00\n");
    Path output = Files.createTempFile(temp, "build", ".log");
    Process build = begin(output, SlipwayDaemon.LAUNCHER + " build -t late " + context);
    Wait.until(() -> Files.readString(output).contains("begun"));

    daemon.killHard();
    assertThat(build.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(build.exitValue()).isNotZero();
    assertThat(Files.readString(output))
        .contains("slipway build: the daemon closed")
        .doesNotContain("\tat ");
    daemon.start();

    assertThat(Leftovers.of(daemon)).isEmpty();
    assertThat(slipway("images", "-q", "late").text()).isEmpty();
    assertThat(slipway("run", "--rm", "before", "cat", "/one").text()).isEqualTo("1\n");
    Files.writeString(
        context.resolve("Dockerfile"), "FROM busybox\nRUN echo $$-made >/first\nRUN cat /first\n");
    assertThat(slipway("build", "--progress", "plain", context.toString()).err())
        .containsPattern("(?s)(#\\d+) [^\\n]*RUN echo [^\\n]*\\n.*\\1 CACHED\\n");
  }

  @Test
  void aStoppedDaemonLeavesContainersRunningIfToldSo() throws Exception {
    daemon.stop();
    daemon.start("--live-restore");
    assertThat(shell.run("docker", "info", "-f", "{{.LiveRestoreEnabled}}").text())
        .isEqualTo("true\n");
    slipway("network", "create", "--subnet", "10.213.87.0/24", "lasting").text();
    slipway(
            "run",
            "-d",
            "--name",
            "lasting",
            "--network",
            "lasting",
            "-p",
            "127.0.0.1:0:80",
            "busybox",
            "sh",
            "-c",
            "while true; do echo served | nc -l -p 80; done")
        .text();
    String port = slipway("port", "lasting", "80").text();
    String pid = slipway("inspect", "-f", "{{.State.Pid}}", "lasting").text();
    daemon.stop();
    assertThat(ProcessHandle.of(Long.parseLong(pid.strip()))).isPresent();

    daemon.start();
    assertThat(slipway("inspect", "-f", "{{.State.Pid}}", "lasting").text()).isEqualTo(pid);
    assertThat(slipway("port", "lasting", "80").text()).isEqualTo(port);
    int number = Integer.parseInt(port.strip().substring(port.indexOf(':') + 1));
    Wait.until(() -> ask(number).equals("served\n"));
    daemon.stop();
    // not the daemon's child any more: whoever is the machine's init takes it away
    Wait.until(() -> ProcessHandle.of(Long.parseLong(pid.strip())).isEmpty());
    daemon.start();
    assertThat(slipway("inspect", "-f", "{{.State.ExitCode}}", "lasting").text())
        .isEqualTo("137\n");
    slipway("rm", "lasting").text();
    slipway("network", "rm", "lasting").text();
  }

  private static String ask(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aKilledDaemonPushesAgain() throws Exception {
    try (RegistryProcess registry = RegistryProcess.ours(temp.resolve("registry"))) {
      String image = registry.name() + "/big:1";
      buildBig(image);
      Path output = Files.createTempFile(temp, "push", ".log");
      Process push = begin(output, SlipwayDaemon.LAUNCHER + " push " + image);
      Wait.until(() -> uploads(temp.resolve("registry")));
      daemon.killHard();
      assertThat(push.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(push.exitValue()).isNotZero();

      daemon.start();
      assertThat(Leftovers.of(daemon)).isEmpty();
      assertThat(slipway("run", "--rm", image, "cat", "/first").text()).isEqualTo("1\n");
      pushesAndRunsAgain(image);
    }
  }

  @Test
  void aKilledRegistryIsPushedToAgain() throws Exception {
    Path directory = temp.resolve("killed-registry");
    try (RegistryProcess registry = RegistryProcess.ours(directory)) {
      String image = registry.name() + "/big:1";
      buildBig(image);
      Path output = Files.createTempFile(temp, "push", ".log");
      Process push = begin(output, SlipwayDaemon.LAUNCHER + " push " + image);
      Wait.until(() -> uploads(directory));
      registry.killHard();
      assertThat(push.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(push.exitValue()).isNotZero();
      assertThat(Files.readString(output)).contains(registry.name());

      registry.restart();
      pushesAndRunsAgain(image);
    }
  }

  /** 100 MB that do not compress, so that a push can be met on its way. */
  private void buildBig(String image) throws IOException {
    Path context =
        context(
            "FROM busybox\nRUN echo 1 >/first\n" + "RUN head -c 100000000 /dev/urandom >/large\n");
    slipway("build", "-q", "-t", image, context.toString()).text();
  }

  private void pushesAndRunsAgain(String image) {
    slipway("push", image).text();
    slipway("rmi", image).text();
    assertThat(slipway("run", "--rm", image, "wc", "-c", "/large").text())
        .isEqualTo("100000000 /large\n");
  }

  /** Whether the registry has received a part of a large upload. */
  private static boolean uploads(Path registry) throws IOException {
    try (Stream<Path> files = Files.walk(registry.resolve("data"))) {
      return files.anyMatch(KilledIT::isLarge);
    } catch (java.io.UncheckedIOException gone) {
      // A file went away during the walk: look again.
      return false;
    }
  }

  private static boolean isLarge(Path file) {
    return Files.isRegularFile(file) && file.toFile().length() > 2_000_000;
  }
}
