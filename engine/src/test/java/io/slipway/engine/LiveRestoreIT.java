package io.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Containers outlive a daemon that is killed, and the next one goes on with them. */
@Timeout(400)
class LiveRestoreIT {
  private static final String NAME = "slwl" + ProcessHandle.current().pid() % 10000;
  private static final String BIP = "10.213.84.1/24";
  private static final long PATIENCE_SECONDS = 30;

  /** A line every millisecond or so, each written at once, until it is told to stop. */
  private static final String COUNT =
      "i=0; while [ ! -e /stop ]; do i=$((i+1)); echo line $i; [ $((i%20)) = 0 ] && sleep 0.02;"
          + " done; exit 7";

  private Path directory;
  private DockerCli docker;
  private ApiClient api;
  private SpawnedDaemon daemon;

  @BeforeEach
  void start() throws IOException {
    directory = Files.createTempDirectory("restore");
    TestImages.busybox(directory.resolve("data"));
    docker = new DockerCli(directory.resolve("sock"), directory.resolve("config"));
    api = new ApiClient(directory.resolve("sock"));
    daemon = new SpawnedDaemon(directory, NAME, BIP);
  }

  @AfterEach
  void clean() throws IOException {
    daemon.close();
  }

  private void killAndStart() throws Exception {
    daemon.kill();
    daemon.start();
    assertThat(daemon.killedLeftovers()).isEqualTo("[]");
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.call()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private String inspect(String container, String field) throws Exception {
    return docker.ok("inspect", "-f", "{{" + field + "}}", container);
  }

  private List<String> logs(String container) throws Exception {
    return docker.ok("logs", container).lines().map(String::strip).toList();
  }

  @Test
  void noLineIsLostOrDoubledAndTheEndIsRecorded() throws Exception {
    docker.ok("run", "-d", "--name", "count", "busybox", "sh", "-c", COUNT);
    docker.ok("run", "-d", "--name", "gone", "busybox", "sh", "-c", "sleep 1; echo last; exit 5");
    docker.ok("run", "-d", "--name", "shot", "busybox", "sleep", "1000");
    docker.ok("run", "-d", "--rm", "--name", "removed", "busybox", "sleep", "1");
    long shot = Long.parseLong(inspect("shot", ".State.Pid"));
    ProcessHandle keeper = daemon.keeper().orElseThrow();
    daemon.killKeeper();
    await("another keeper", () -> !daemon.keeper().equals(Optional.of(keeper)));
    for (int kill = 0; kill < 2; kill++) {
      int before = logs("count").size();
      killAndStart();
      await("more lines", () -> logs("count").size() > before);
    }
    daemon.kill();
    ProcessHandle.of(shot).orElseThrow().destroyForcibly();
    await("end without a daemon", () -> !Files.exists(Path.of("/proc/" + shot + "/root/bin")));
    daemon.start();

    docker.ok("exec", "count", "touch", "/stop");
    assertThat(docker.ok("wait", "count", "gone")).isEqualTo("7\n5");
    List<String> lines = logs("count");
    List<String> wanted = new ArrayList<>();
    for (int i = 1; i <= lines.size(); i++) {
      wanted.add("line " + i);
    }
    assertThat(lines).isEqualTo(wanted);
    assertThat(logs("gone")).containsExactly("last");
    await("end of shot", () -> inspect("shot", ".State.Status").equals("exited"));
    assertThat(inspect("shot", ".State.ExitCode")).isEqualTo("137");
    await("removal", () -> docker.run("inspect", "removed").code() == 1);
    docker.ok("rm", "count", "gone", "shot");
    assertNothingLeft();
  }

  @Test
  void everyCommandWorksOnAnAdoptedContainer() throws Exception {
    docker.ok("create", "-i", "--name", "cat", "busybox", "cat");
    docker.ok("start", "cat");
    docker.ok("run", "-dit", "--name", "tty", "busybox", "sh");
    docker.ok("run", "-d", "--name", "frozen", "busybox", "sleep", "1000");
    docker.ok("pause", "frozen");
    String pid = inspect("cat", ".State.Pid");
    String began = inspect("cat", ".State.StartedAt");
    killAndStart();
    killAndStart();

    assertThat(inspect("cat", ".State.Pid")).isEqualTo(pid);
    assertThat(inspect("cat", ".State.StartedAt")).isEqualTo(began);
    assertThat(docker.ok("exec", "cat", "echo", "in")).isEqualTo("in");
    assertThat(docker.ok("top", "cat")).contains(pid);
    JsonNode stats = api.get("/containers/cat/stats?stream=0").expect(200).json();
    assertThat(stats.path("memory_stats").path("usage").asLong()).isPositive();
    assertThat(docker.ok("diff", "cat")).isEmpty();
    InputStream hello =
        new java.io.ByteArrayInputStream("hello\n".getBytes(StandardCharsets.UTF_8));
    assertThat(docker.run(hello, "attach", "cat").out()).isEqualTo("hello\n");
    assertThat(docker.ok("wait", "cat")).as("the end of its input ends it").isEqualTo("0");
    assertThat(logs("cat")).containsExactly("hello");

    api.post("/containers/tty/resize?h=33&w=44", "").expect(200);
    assertThat(docker.ok("exec", "tty", "stat", "-c", "%F", "/dev/pts/0"))
        .isEqualTo("character special file");
    assertThat(docker.ok("exec", "tty", "sh", "-c", "stty size </dev/pts/0")).isEqualTo("33 44");

    assertThat(inspect("frozen", ".State.Status")).isEqualTo("paused");
    assertThat(docker.run("exec", "frozen", "true").err()).contains("is paused");
    docker.ok("unpause", "frozen");
    docker.ok("stop", "-t", "0", "frozen", "tty");
    assertThat(inspect("frozen", ".State.ExitCode")).isEqualTo("137");
    docker.ok("start", "frozen");
    docker.ok("rm", "-f", "frozen", "tty", "cat");
    assertNothingLeft();
  }

  private void startServices() throws Exception {
    docker.ok("network", "create", "--subnet", "10.213.85.0/24", "net");
    docker.ok("volume", "create", "-o", "type=tmpfs", "-o", "device=tmpfs", "scratch");
    docker.ok(
        "run",
        "-d",
        "--name",
        "web",
        "--network",
        "net",
        "-p",
        "127.0.0.1::80",
        "-v",
        "scratch:/s",
        "--health-cmd",
        "test -e /ok",
        "--health-interval",
        "100ms",
        "--health-retries",
        "1",
        "busybox",
        "sh",
        "-c",
        "touch /ok; while true; do echo answer | nc -l -p 80; done");
    docker.ok("run", "-d", "--name", "peer", "--network", "net", "busybox", "sleep", "1000");
    docker.ok("run", "-d", "--name", "again", "--restart", "always", "busybox", "sleep", "1000");
    docker.ok(
        "run", "-d", "--name", "joined", "--network", "container:web", "busybox", "sleep", "99");
    docker.ok("exec", "web", "touch", "/s/kept");
  }

  @Test
  void networksHealthAndPoliciesGoOn() throws Exception {
    startServices();
    int port = port();
    String address = inspect("web", ".NetworkSettings.Networks.net.IPAddress");
    await("healthy", () -> inspect("web", ".State.Health.Status").equals("healthy"));
    String mortal = inspect("again", ".State.Pid");
    daemon.kill();
    ProcessHandle.of(Long.parseLong(mortal)).orElseThrow().destroyForcibly();
    daemon.start();

    assertThat(inspect("web", ".State.Health.Status")).isEqualTo("healthy");
    assertThat(port()).isEqualTo(port);
    // between two connections nobody listens for a moment
    await("answer at the port", () -> ask(port).equals("answer\n"));
    assertThat(inspect("web", ".NetworkSettings.Networks.net.IPAddress")).isEqualTo(address);
    await(
        "answer by name",
        () ->
            docker
                .run("exec", "peer", "sh", "-c", "nc web 80 </dev/null")
                .out()
                .equals("answer\n"));
    docker.ok("run", "-d", "--name", "third", "--network", "net", "busybox", "sleep", "1000");
    assertThat(docker.ok("exec", "peer", "ip", "-4", "addr", "show", "eth0"))
        .contains("10.213.85.");
    assertThat(inspect("third", ".NetworkSettings.Networks.net.IPAddress"))
        .isNotIn(address, inspect("peer", ".NetworkSettings.Networks.net.IPAddress"));
    docker.ok("network", "disconnect", "net", "peer");
    docker.ok("network", "connect", "net", "peer");
    assertThat(docker.run("network", "rm", "net").code()).isEqualTo(1);
    docker.ok("exec", "web", "rm", "/ok");
    await("unhealthy", () -> inspect("web", ".State.Health.Status").equals("unhealthy"));
    await("restart", () -> inspect("again", ".State.Running").equals("true"));
    assertThat(inspect("again", ".RestartCount")).isEqualTo("1");
    assertThat(docker.ok("run", "--rm", "-v", "scratch:/s", "busybox", "ls", "/s"))
        .isEqualTo("kept");
    docker.ok("rm", "-f", "web", "peer", "again", "third", "joined");
    docker.ok("network", "rm", "net");
    docker.ok("volume", "rm", "scratch");
    assertNothingLeft();
  }

  private int port() throws Exception {
    String shown = docker.ok("port", "web", "80");
    return Integer.parseInt(shown.substring(shown.lastIndexOf(':') + 1));
  }

  private static String ask(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void assertNothingLeft() throws Exception {
    ProcessHandle keeper = daemon.keeper().orElseThrow();
    daemon.kill();
    try (TestDaemon last = TestDaemon.start(directory, NAME, BIP)) {
      assertThat(last.leftovers()).isEmpty();
      assertThat(docker.ok("ps", "-aq")).isEmpty();
    }
    Leftovers.assertNone(NAME, directory);
    await("end of the keeper", () -> !keeper.isAlive());
    assertThat(directory.resolve("exec/containers")).isEmptyDirectory();
  }
}
