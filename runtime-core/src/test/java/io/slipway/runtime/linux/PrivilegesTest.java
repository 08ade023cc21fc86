package io.slipway.runtime.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivilegesTest {
  private static final String MACHINE = "         0          0 4294967295\n";

  @TempDir Path process;

  private Privileges read(String uids, String gids, String setgroups) throws IOException {
    Files.writeString(process.resolve("uid_map"), uids);
    Files.writeString(process.resolve("gid_map"), gids);
    Files.writeString(process.resolve("setgroups"), setgroups);
    return Privileges.read(process);
  }

  @Test
  void rootOfTheMachineMayDoEverything() throws IOException {
    Privileges all = read(MACHINE, MACHINE, "allow\n");
    assertThat(all).isEqualTo(Privileges.FULL);
    assertThat(all.isRootless()).isFalse();
    assertThat(all.makesDevices()).isTrue();
    assertThat(all.overlayAttribute("opaque")).isEqualTo("trusted.overlay.opaque");
  }

  @Test
  void rootOfAUserNamespaceHasTheUsersOfItsMap() throws IOException {
    Privileges some =
        read("0 1000 1\n1 100000 65536\n", "0 1000 1\n1 100000 1000\n2000 7 1\n", "allow\n");
    assertThat(some.isRootless()).isTrue();
    assertThat(some.makesDevices()).isFalse();
    assertThat(some.hasUser(65_536)).isTrue();
    assertThat(some.hasUser(65_537)).isFalse();
    assertThat(some.hasGroup(1000)).isTrue();
    assertThat(some.hasGroup(1001)).isFalse();
    assertThat(some.hasGroup(2000)).isTrue();
    assertThat(some.lastGroup()).isEqualTo(1000);
    assertThat(some.overlayAttribute("opaque")).isEqualTo("user.overlay.opaque");
  }

  @Test
  void aMapOfOneUserCannotSetGroups() throws IOException {
    Privileges one = read("0 1000 1\n", "0 1000 1\n", "deny\n");
    assertThat(one.setsGroups()).isFalse();
    assertThat(one.lastGroup()).isZero();
  }
}
