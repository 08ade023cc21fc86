package io.slipway.cli.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DaemonPathsTest {
  private static final Path HOME = Path.of("/home/ann");

  @Test
  void rootsDaemonIsTheMachines() {
    DaemonPaths paths = DaemonPaths.of(Map.of("XDG_RUNTIME_DIR", "/run/user/0"), "root", HOME);
    assertThat(paths.dataRoot()).isEqualTo(Path.of("/var/lib/slipway"));
    assertThat(paths.socket()).isEqualTo(Path.of("/run/slipway/slipway.sock"));
  }

  @Test
  void aNormalUsersIsWhereTheXdgVariablesSay() {
    DaemonPaths paths =
        DaemonPaths.of(
            Map.of("XDG_RUNTIME_DIR", "/run/user/7", "XDG_DATA_HOME", "/big"), "ann", HOME);
    assertThat(paths.dataRoot()).isEqualTo(Path.of("/big/slipway"));
    assertThat(paths.socket()).isEqualTo(Path.of("/run/user/7/slipway/slipway.sock"));
  }

  @Test
  void withoutThemItIsInTheHomeFolder() {
    for (Map<String, String> none :
        List.of(Map.<String, String>of(), Map.of("XDG_RUNTIME_DIR", "", "XDG_DATA_HOME", "x"))) {
      DaemonPaths paths = DaemonPaths.of(none, "ann", HOME);
      assertThat(paths.dataRoot()).isEqualTo(HOME.resolve(".local/share/slipway"));
      assertThat(paths.socket()).isEqualTo(HOME.resolve(".cache/slipway/slipway.sock"));
    }
  }

  @Test
  void ourOwnVariablesWin() {
    DaemonPaths paths =
        DaemonPaths.of(
            Map.of("XDG_RUNTIME_DIR", "/run/user/7", "SLIPWAY_EXEC_ROOT", "/x"), "ann", HOME);
    assertThat(paths.socket()).isEqualTo(Path.of("/x/slipway.sock"));
  }
}
