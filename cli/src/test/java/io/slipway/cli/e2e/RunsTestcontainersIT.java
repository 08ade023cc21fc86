package io.slipway.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Testcontainers against this program, in a JVM of its own: it takes the engine's address and
 * whether its reaper runs from the environment alone. Needs root.
 */
class RunsTestcontainersIT {
  @TempDir static Path temp;
  private static SlipwayDaemon daemon;

  @BeforeAll
  static void start() throws IOException {
    daemon = new SlipwayDaemon(temp.resolve("daemon"), SlipwayDaemon.Network.numbered(21));
    daemon.importBase("busybox");
  }

  @AfterAll
  static void stop() throws IOException {
    try (SlipwayDaemon ours = daemon) {
      assertThat(Leftovers.of(ours)).isEmpty();
    }
  }

  @Test
  void aProgramRunsWhole() {
    Shell.Result result =
        daemon
            .shell(temp)
            .with("TESTCONTAINERS_RYUK_DISABLED", "true")
            .with("HOME", temp.toString())
            .run(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ProgramOfTestcontainers.class.getName(),
                temp.toString());
    assertThat(result.out())
        .as(result.err())
        .isEqualTo("port\nhttp\nalias\nexec\nfiles\nlogs\nhealth\nbuild\nclean\n");
    assertThat(result.exitCode()).as(result.err()).isZero();
  }
}
