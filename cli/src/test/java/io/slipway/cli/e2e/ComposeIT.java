package io.slipway.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Debian's docker-compose with a project of two services, one of which waits for the other's
 * health: what it prints with this program behind it is what it prints with dockerd. Needs root.
 */
class ComposeIT {
  private static final Path PROJECT = Path.of("src/test/resources/compose").toAbsolutePath();

  @TempDir Path temp;

  @Test
  void aProjectLivesAsOnDockerd() throws IOException {
    Map<String, String> ours = onSlipway();
    SoftAssertions each = new SoftAssertions();
    onDockerd().forEach((step, told) -> each.assertThat(ours.get(step)).as(step).isEqualTo(told));
    each.assertAll();
  }

  private Map<String, String> onSlipway() throws IOException {
    Path directory = temp.resolve("ours");
    try (SlipwayDaemon daemon = new SlipwayDaemon(directory, SlipwayDaemon.Network.numbered(23))) {
      daemon.importBase("busybox");
      Map<String, String> told = tell(daemon.shell(PROJECT));
      assertThat(Leftovers.of(daemon)).isEmpty();
      return told;
    }
  }

  private Map<String, String> onDockerd() throws IOException {
    Path directory = temp.resolve("peer");
    try (PeerDockerd peer = PeerDockerd.withNetworks(directory)) {
      EngineContract.importBase(peer.shell(SlipwayDaemon.ROOT));
      return tell(peer.shell(PROJECT).with("DOCKER_BUILDKIT", "0"));
    } finally {
      new Shell(SlipwayDaemon.ROOT, Map.of())
          .run("rm", "-rf", "--one-file-system", directory.toString())
          .text();
    }
  }

  private static Map<String, String> tell(Shell shell) throws IOException {
    Shell named =
        shell
            .with("COMPOSE_PROJECT_NAME", "parity")
            .with("COMPOSE_DOCKER_CLI_BUILD", "0")
            .with("COLUMNS", "200");
    Map<String, String> told = new LinkedHashMap<>();
    for (String step : Files.readAllLines(PROJECT.resolve("steps.txt"))) {
      if (!step.startsWith("#")) {
        Shell.Result result = named.sh(step);
        told.put(step, normal(result.out()) + "exit code " + result.exitCode());
      }
    }
    return told;
  }

  /** Without what differs from run to run. */
  private static String normal(String text) {
    List<String> lines =
        text.lines()
            .map(line -> line.replaceAll("\\b[0-9a-f]{12,64}\\b", "ID"))
            .map(line -> line.replaceAll("\\b[345]\\d{4}->", "PORT->"))
            .map(line -> line.replaceAll(" +", " ").replaceAll("-{4,}", "----").strip())
            .toList();
    return String.join("\n", lines) + "\n";
  }
}
