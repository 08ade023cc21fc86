package io.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Containers that behave as badly as they can, all at once: the daemon answers all the same. */
@Timeout(180)
class FaultsIT {
  private static final String NAME = "slwf" + ProcessHandle.current().pid() % 10000;

  /** Docker's {@code 1m}. */
  private static final long MEGABYTE = 1_000_000;

  private static final int PROCESSES = 200;

  /** Of one request, on a loaded machine with all of them at work. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final String FORK_BOMB =
      "f() { while true; do f & done; }; f 2>/dev/null & exec sleep 1000";
  private static final String DEAF =
      "trap '' HUP INT QUIT TERM USR1 USR2; while true; do sleep 1; done";

  private static Path directory;
  private static TestDaemon daemon;
  private static DockerCli docker;
  private static ApiClient api;

  /** Nests directories in the container's own files and in its volume. */
  private static final String DEEP =
      "for at in / /v; do cd $at; i=0;"
          + " while [ $i -lt 2000 ]; do mkdir d && cd d || exit 1; i=$((i+1)); done; done;"
          + " echo $i; sleep 1000";

  @BeforeAll
  static void start() throws IOException {
    directory = Files.createTempDirectory("faults");
    TestImages.busybox(directory.resolve("data"));
    daemon = TestDaemon.start(directory, NAME, "");
    docker = new DockerCli(directory.resolve("sock"), directory.resolve("config"));
    api = new ApiClient(directory.resolve("sock"));
  }

  @AfterAll
  static void stop() throws IOException {
    daemon.close();
    Leftovers.assertNone(NAME, directory);
    Leftovers.deleteTree(directory);
  }

  private static void run(String name, String script, String... options) throws Exception {
    String[] first = {"run", "-d", "--name", name, "--network", "none"};
    String[] last = {"busybox", "sh", "-c", script};
    docker.ok(Stream.of(first, options, last).flatMap(Stream::of).toArray(String[]::new));
  }

  @Test
  void theDaemonAnswersWhateverContainersDo() throws Exception {
    run("forks", FORK_BOMB, "--pids-limit", Integer.toString(PROCESSES));
    run("memory", "dd if=/dev/zero of=/dev/null bs=512M count=1; sleep 1000", "-m", "32m");
    run("bomb", FORK_BOMB, "-m", "24m");
    run(
        "flood",
        "yes 'a line that fills the disk'",
        "--log-opt",
        "max-size=1m",
        "--log-opt",
        "max-file=3");
    run("deaf", DEAF);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
    while (System.nanoTime() < end) {
      long asked = System.nanoTime();
      api.get("/version").expect(200);
      assertThat(api.get("/containers/json?all=1").expect(200).json().size()).isEqualTo(5);
      api.get("/containers/forks/stats?stream=0&one-shot=1").expect(200);
      assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(PATIENCE);
    }
    assertThat(processes()).isBetween(PROCESSES / 4L, (long) PROCESSES);
    assertThat(docker.ok("run", "--rm", "--network", "none", "busybox", "echo", "served"))
        .isEqualTo("served");
    assertThat(docker.ok("logs", "--tail", "1", "flood")).isEqualTo("a line that fills the disk");
    long patience = System.nanoTime() + PATIENCE.toNanos();
    while (logBytes() < 2 * MEGABYTE && System.nanoTime() < patience) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    assertThat(logBytes()).isBetween(2 * MEGABYTE, 3 * MEGABYTE + MEGABYTE / 2);

    long before = System.nanoTime();
    docker.ok("stop", "-t", "1", "deaf", "forks", "bomb", "flood");
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(PATIENCE.multipliedBy(3));
    for (String name : List.of("deaf", "forks", "bomb", "flood")) {
      assertThat(docker.ok("inspect", "-f", "{{.State.Status}} {{.State.ExitCode}}", name))
          .as(name)
          .isIn("exited 137", "exited 143");
    }
    docker.ok("rm", "-f", "deaf", "forks", "bomb", "flood", "memory");
  }

  /** As deep as a shell gets: from the host, no path leads there. */
  @Test
  void aDeepTreeIsMeasuredAndRemoved() throws Exception {
    run("deep", DEEP, "-v", "deepvolume:/v");
    long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!docker.ok("logs", "deep").contains("2000")) {
      assertThat(System.nanoTime()).as("the tree is made").isLessThan(patience);
      TimeUnit.MILLISECONDS.sleep(100);
    }
    assertThat(docker.ok("ps", "-as", "--format", "{{.Names}} {{.Size}}")).startsWith("deep 0B");
    assertThat(docker.ok("system", "df", "-v")).contains("deepvolume");
    docker.ok("rm", "-f", "deep");
    docker.ok("volume", "rm", "deepvolume");
  }

  private static long processes() {
    return api.get("/containers/forks/stats?stream=0&one-shot=1")
        .expect(200)
        .json()
        .at("/pids_stats/current")
        .asLong();
  }

  private static long logBytes() throws Exception {
    String log = docker.ok("inspect", "-f", "{{.LogPath}}", "flood");
    try (Stream<Path> files = Files.list(Path.of(log).getParent())) {
      return files
          .filter(file -> file.toString().startsWith(log))
          .mapToLong(file -> file.toFile().length())
          .sum();
    }
  }
}
