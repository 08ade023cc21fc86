package io.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A daemon that is killed together with what keeps its containers, and the one after it. */
@Timeout(120)
class CrashIT {
  private static final String NAME = "slwc" + ProcessHandle.current().pid() % 10000;
  private static final String BIP = "10.213.78.1/24";

  private Path directory;
  private DockerCli docker;
  private SpawnedDaemon daemon;

  @BeforeEach
  void start() throws IOException {
    directory = Files.createTempDirectory("crash");
    TestImages.busybox(directory.resolve("data"));
    docker = new DockerCli(directory.resolve("sock"), directory.resolve("config"));
    daemon = new SpawnedDaemon(directory, NAME, BIP);
  }

  @AfterEach
  void clean() throws IOException {
    daemon.close();
  }

  @Test
  void theNextDaemonCleansUpAndTellsTheTruth() throws Exception {
    String id =
        docker.ok("run", "-d", "--name", "long", "-v", "vol:/v", "busybox", "sleep", "1000");
    docker.ok("run", "-d", "--rm", "--name", "gone", "busybox", "sleep", "1000");
    assertThat(
            docker.run("run", "--name", "done", "busybox", "sh", "-c", "echo kept; exit 3").code())
        .isEqualTo(3);
    long pid = Long.parseLong(docker.ok("inspect", "-f", "{{.State.Pid}}", "long"));
    assertThatThrownBy(() -> TestDaemon.start(directory, NAME, BIP))
        .hasMessageContaining("a daemon is already running with data root");

    daemon.kill();
    daemon.killKeeper();
    assertThat(ProcessHandle.of(pid)).as("the container outlives its daemon").isPresent();

    try (TestDaemon next = TestDaemon.start(directory, NAME, BIP)) {
      assertThat(next.leftovers()).hasSize(2).contains(id);
      ProcessHandle.of(pid)
          .ifPresent(killed -> killed.onExit().orTimeout(10, TimeUnit.SECONDS).join());
      assertThat(docker.ok("ps", "-a", "--format", "{{.Names}} {{.State}}").split("\n"))
          .containsExactlyInAnyOrder("done exited", "long exited");
      assertThat(docker.ok("inspect", "-f", "{{.State.ExitCode}}", "long", "done"))
          .isEqualTo("137\n3");
      assertThat(docker.ok("logs", "done")).isEqualTo("kept");
      assertThat(docker.ok("volume", "ls", "-q")).isEqualTo("vol");
      docker.ok("start", "long");
      assertThat(docker.ok("exec", "long", "echo", "alive")).isEqualTo("alive");
      List<String> names = List.of("long", "done");
      for (String name : names) {
        docker.ok("rm", "-f", name);
      }
    }
  }
}
