package io.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The real dockerd keeps the contract, without a bridge and without touching packet rules. */
class DockerdLifecycleIT extends LifecycleContract {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private Path directory;
  private Process dockerd;
  private DockerCli docker;

  @BeforeAll
  void start() throws Exception {
    directory = Files.createTempDirectory("dockerd");
    Path socket = directory.resolve("sock");
    dockerd =
        new ProcessBuilder(
                "dockerd",
                "--data-root",
                directory.resolve("data").toString(),
                "--exec-root",
                directory.resolve("exec").toString(),
                "--pidfile",
                directory.resolve("pid").toString(),
                "-H",
                "unix://" + socket,
                "--bridge=none",
                "--iptables=false",
                "--ip6tables=false")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    docker = new DockerCli(socket, directory.resolve("config"));
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (docker.run("version").code() != 0) {
      assertThat(dockerd.isAlive() && System.nanoTime() < deadline)
          .as(Files.readString(directory.resolve("log")))
          .isTrue();
      TimeUnit.MILLISECONDS.sleep(100);
    }
    try (InputStream image = TestImages.busyboxTar()) {
      assertThat(docker.run(image, "import", "-", "busybox:latest").code()).isZero();
    }
  }

  @AfterAll
  void stop() throws Exception {
    dockerd.destroy();
    assertThat(dockerd.waitFor(60, TimeUnit.SECONDS)).isTrue();
    Leftovers.deleteTree(directory);
  }

  @Override
  DockerCli docker() {
    return docker;
  }
}
