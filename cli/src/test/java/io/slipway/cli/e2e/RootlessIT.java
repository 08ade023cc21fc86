package io.slipway.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.cli.e2e.Shell.Result;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A normal user's daemon. Needs root, to become such a user. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class RootlessIT {
  private static final String LAUNCHER = SlipwayDaemon.LAUNCHER;
  private static final String FOLDER = "slipway-rootless.";

  @TempDir Path temp;
  private NormalUser user;
  private ServerProcess daemon;

  @BeforeEach
  void start() throws IOException {
    user = new NormalUser(temp);
  }

  private void startDaemon() {
    daemon = user.start(temp.resolve("daemon.log"), LAUNCHER, "daemon");
    // told where it is, a command starts none of its own
    String address = "unix://" + user.socket();
    daemon.awaitReady(() -> slipway("-H", address, "version").exitCode() == 0);
  }

  /** The daemon ends with everything that it has started, and leaves nothing of its own. */
  @AfterEach
  void nothingIsLeft() throws Exception {
    if (daemon != null) {
      daemon.close();
    }
    try {
      awaitEnd();
      assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(temp.toString());
      try (var entries = Files.list(temp.resolve("run"))) {
        assertThat(entries.filter(p -> p.getFileName().toString().startsWith(FOLDER)).toList())
            .isEmpty();
      }
    } finally {
      user.killAll();
      new Shell(SlipwayDaemon.ROOT, Map.of())
          .run("rm", "-rf", "--one-file-system", temp.resolve("home").toString())
          .text();
    }
  }

  private void awaitEnd() throws Exception {
    try {
      Wait.until(() -> user.processes().isEmpty());
    } catch (AssertionError e) {
      throw new AssertionError("still there: " + user.processes(), e);
    }
  }

  private Result slipway(String... words) {
    String[] command = new String[words.length + 1];
    command[0] = LAUNCHER;
    System.arraycopy(words, 0, command, 1, words.length);
    return user.run(command);
  }

  private void importBase() {
    String tar = user.run("samples/make-base", "busybox").text().strip();
    slipway("import", tar, "busybox:latest").text();
  }

  /** The commands start the daemon in the background, as README says. */
  @Test
  void theReadmesCommandsWork() throws Exception {
    String readme = Files.readString(SlipwayDaemon.ROOT.resolve("README.md"));
    List<String> blocks =
        ReadmeIT.BLOCK
            .matcher(readme)
            .results()
            .filter(block -> block.group(1).strip().equals("sh user"))
            .map(block -> block.group(2))
            .toList();
    assertThat(blocks).hasSize(1);
    String port = Integer.toString(RegistryProcess.freePort());
    String printed = user.run("sh", "-ec", blocks.getFirst().replace("8080", port)).text();
    for (String line :
        Files.readAllLines(SlipwayDaemon.ROOT.resolve("samples/hello/expected.txt"))) {
      assertThat(printed).contains(line);
    }
    assertThat(user.home().resolve(".local/share/slipway/daemon.lock")).exists();
    // the launcher, whose number its folder bears
    try (var run = Files.list(temp.resolve("run"))) {
      String folder =
          run.map(p -> p.getFileName().toString())
              .filter(name -> name.startsWith(FOLDER))
              .findFirst()
              .orElseThrow();
      user.run("kill", folder.substring(FOLDER.length())).text();
    }
  }

  @Test
  void containersHaveUsersOfTheUser() throws Exception {
    startDaemon();
    importBase();
    Path context = Files.createDirectory(user.home().resolve("context"));
    Files.writeString(
        context.resolve("Dockerfile"),
        """
        FROM busybox
        RUN echo app:x:1000:1000::/:/bin/sh >>/etc/passwd && mkdir /own && touch /own/gone && \\
          chown -R 1000:1000 /own
        RUN rm -r /own && mkdir /own && touch /own/there && mknod /own/pipe p
        COPY --chown=7:8 Dockerfile /own/copied
        """);
    slipway("build", "-t", "own", context.toString()).text();
    assertThat(slipway("run", "--rm", "own", "sh", "-c", "id -u; ls -n /own").text())
        .startsWith("0\n")
        .contains("there", "pipe")
        .containsPattern("7 +8 .*copied")
        .doesNotContain("gone");
    assertThat(slipway("run", "--rm", "-u", "app", "own", "id", "-u").text()).isEqualTo("1000\n");

    Path shared = user.home().resolve("shared");
    String write = "touch /v/root /v/app && chown 1000:1000 /v/app";
    slipway("run", "--rm", "-v", shared + ":/v", "busybox", "sh", "-c", write).text();
    assertThat(Files.getAttribute(shared.resolve("root"), "unix:uid")).isEqualTo(user.id());
    assertThat(Files.getAttribute(shared.resolve("app"), "unix:uid")).isEqualTo(user.outside(1000));
    assertThat(
            slipway(
                    "run",
                    "--rm",
                    "busybox",
                    "sh",
                    "-c",
                    "echo x >/dev/null && head -c 3 /dev/zero")
                .text())
        .hasSize(3);
  }

  @Test
  void commandsOnARunningContainer() throws Exception {
    startDaemon();
    importBase();
    slipway("run", "-d", "--name", "web", "busybox", "sh", "-c", "echo said; exec sleep 600")
        .text();
    assertThat(slipway("exec", "web", "id", "-u").text()).isEqualTo("0\n");
    assertThat(slipway("exec", "-t", "web", "tty").text()).startsWith("/dev/pts/");
    assertThat(slipway("top", "web").text()).contains("sleep 600");
    Wait.until(() -> slipway("logs", "web").text().equals("said\n"));
    Files.writeString(user.home().resolve("file"), "content");
    slipway("cp", user.home().resolve("file").toString(), "web:/tmp/file").text();
    assertThat(slipway("exec", "web", "cat", "/tmp/file").text()).isEqualTo("content");
    slipway("pause", "web").text();
    assertThat(slipway("ps").text()).contains("(Paused)");
    slipway("unpause", "web").text();
    slipway("commit", "web", "kept").text();
    assertThat(slipway("run", "--rm", "kept", "cat", "/tmp/file").text()).isEqualTo("content");
    slipway("stop", "-t", "1", "web").text();
    slipway("rm", "web").text();
  }

  @Test
  void limitsAndLowPortsAreRefusedInDockersWords() throws Exception {
    startDaemon();
    importBase();
    Result limited = slipway("run", "--rm", "-m", "64m", "busybox", "true");
    assertThat(limited.exitCode()).isZero();
    assertThat(limited.err())
        .contains(
            "Your kernel does not support memory limit capabilities or the cgroup is not mounted."
                + " Limitation discarded.");
    Result low = slipway("run", "--rm", "-p", "80:80", "busybox", "true");
    assertThat(low.exitCode()).isEqualTo(125);
    assertThat(low.err()).contains("cannot expose privileged port 80");

    Result info =
        user.run(
            "env",
            "DOCKER_HOST=unix://" + user.socket(),
            "docker",
            "info",
            "--format",
            "{{json .}}");
    assertThat(info.text())
        .contains("\"name=rootless\"", "\"CgroupDriver\":\"none\"")
        .contains("WARNING: Running in rootless-mode without cgroups.");
  }

  @Test
  void networks() throws Exception {
    startDaemon();
    importBase();
    int port = RegistryProcess.freePort();
    String serve = "mkdir /www; echo hello >/www/index.html; exec httpd -f -p 8000 -h /www";
    slipway("network", "create", "shop").text();
    slipway(
            "run",
            "-d",
            "--name",
            "web",
            "--network",
            "shop",
            "-p",
            "127.0.0.1:" + port + ":8000",
            "busybox",
            "sh",
            "-c",
            serve)
        .text();
    Wait.until(() -> answers(port));
    assertThat(
            slipway(
                    "run",
                    "--rm",
                    "--network",
                    "shop",
                    "busybox",
                    "wget",
                    "-qO-",
                    "http://web:8000")
                .text())
        .isEqualTo("hello\n");
    assertThat(slipway("run", "--rm", "busybox", "cat", "/etc/resolv.conf").text())
        .contains("10.0.2.3");
    Result taken = slipway("run", "--rm", "-p", port + ":1", "busybox", "true");
    assertThat(taken.err()).contains("port is already allocated");
    slipway("rm", "-f", "web").text();
    assertThat(answers(port)).isFalse();
  }

  private static boolean answers(int port) throws IOException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).build();
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body().equals("hello\n");
    } catch (IOException e) {
      // nobody is there, or slirp4netns takes a connection before it knows so
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Test
  void theNextDaemonHasTheContainers() throws Exception {
    startDaemon();
    importBase();
    slipway("run", "-d", "--name", "again", "--restart", "always", "busybox", "sleep", "600")
        .text();
    daemon.close();
    awaitEnd();
    startDaemon();
    Wait.until(() -> slipway("ps").text().contains("again"));
    daemon.killHard();
    // the launcher alone was killed: with it go the daemon, its containers and slirp4netns
    awaitEnd();
    startDaemon();
    Wait.until(() -> slipway("ps").text().contains("again"));
    slipway("rm", "-f", "again").text();
  }

  @Test
  void whatIsMissingIsNamedWithTheWayToGetIt() throws Exception {
    for (String[] missing :
        List.of(
            new String[] {"newuidmap", "apt-get install uidmap"},
            new String[] {"slirp4netns", "apt-get install slirp4netns"})) {
      Result refused = user.runWithout(missing[0], LAUNCHER, "daemon");
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.err()).startsWith("slipway daemon: ").contains(missing[0], missing[1]);
    }
    user.grant("somebody:1:65536\n");
    Result refused = user.run(LAUNCHER, "daemon");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err())
        .isEqualTo(
            "slipway daemon: user slipuser has no line in /etc/subuid or none in /etc/subgid: as"
                + " root, usermod --add-subuids 100000-165535 --add-subgids 100000-165535"
                + " slipuser\n");
    // a command tells the same of the daemon that it could not start
    assertThat(slipway("ps").err()).contains("usermod --add-subuids");
  }

  @Test
  void whatCannotBeIsRefusedAtTheStart() {
    for (String[] option :
        List.of(
            new String[] {"--userns-remap", "default"},
            new String[] {"--add-runtime", "x=/bin/true"},
            new String[] {"-H", "tcp://127.0.0.1:0"},
            new String[] {"--live-restore"})) {
      String[] command =
          Stream.concat(Stream.of(LAUNCHER, "daemon"), Arrays.stream(option))
              .toArray(String[]::new);
      Result refused = user.run(command);
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.err()).contains(option[0], "is not possible for a daemon without root");
    }
  }
}
