package io.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our engine keeps the contract, and what dockerd does not: it loses lines at rotations. */
class LifecycleIT extends LifecycleContract {
  private static final String NAME = "slwl" + ProcessHandle.current().pid() % 10000;

  private Path directory;
  private TestDaemon daemon;
  private DockerCli docker;

  @BeforeAll
  void start() throws IOException {
    directory = Files.createTempDirectory("lifecycle");
    TestImages.busybox(directory.resolve("data"));
    daemon = TestDaemon.start(directory, NAME, "");
    docker = new DockerCli(directory.resolve("sock"), directory.resolve("config"));
  }

  @AfterAll
  void stop() throws IOException {
    daemon.close();
    Leftovers.assertNone(NAME, directory);
    Leftovers.deleteTree(directory);
  }

  @Override
  DockerCli docker() {
    return docker;
  }

  @ParameterizedTest
  @ValueSource(strings = {"json-file", "local"})
  void followsARotatedLogWithoutLosingALine(String driver) throws Exception {
    run(
        "chatty",
        "--log-driver",
        driver,
        "--log-opt",
        "max-size=200k",
        "--log-opt",
        "max-file=1000",
        "busybox",
        "sh",
        "-c",
        "seq 1 30000; sleep 0.1; seq 30001 60000");
    StringBuilder all = new StringBuilder();
    for (int i = 1; i <= 60000; i++) {
      all.append(i).append('\n');
    }
    assertThat(docker.ok("logs", "-f", "chatty")).isEqualTo(all.toString().strip());
    await("chatty", "{{.State.Status}}", "exited");
    assertThat(docker.ok("logs", "chatty")).isEqualTo(all.toString().strip());
    assertThat(docker.ok("logs", "--tail", "2", "chatty")).isEqualTo("59999\n60000");
    try (Stream<Path> files = Files.walk(directory.resolve("data/containers"))) {
      assertThat(files.filter(f -> f.getFileName().toString().matches(".*\\.log\\..*")).count())
          .isGreaterThan(10);
    }
  }

  @Test
  void aFloodAndAReaderThatNeverReadsHoldNobodyUp() throws Exception {
    run("flood", "--log-opt", "max-size=1m", "--log-opt", "max-file=2", "busybox", "yes");
    Process never = docker.start("logs", "-f", "flood");
    try {
      run("other", "busybox", "sh", "-c", "echo said; sleep 1000");
      assertThat(docker.ok("exec", "other", "echo", "alive")).isEqualTo("alive");
      assertThat(docker.ok("logs", "other")).isEqualTo("said");
      assertThat(docker.ok("logs", "--tail", "3", "flood")).isEqualTo("y\ny\ny");
      docker.ok("stop", "-t", "0", "flood");
      assertThat(inspect("flood", "{{.State.Status}}")).isEqualTo("exited");
    } finally {
      never.destroyForcibly();
    }
  }
}
