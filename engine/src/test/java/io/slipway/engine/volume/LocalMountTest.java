package io.slipway.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.runtime.linux.MountFlags;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LocalMountTest {
  @Test
  void readsOptionsAsMountDoes() {
    LocalMount mount =
        LocalMount.of(Map.of("type", "tmpfs", "device", "tmpfs", "o", "size=1m,uid=1000,nosuid,ro"))
            .orElseThrow();
    assertThat(mount)
        .isEqualTo(
            new LocalMount(
                "tmpfs", "tmpfs", MountFlags.MS_NOSUID | MountFlags.MS_RDONLY, "size=1m,uid=1000"));
    assertThat(LocalMount.of(Map.of())).isEmpty();
  }

  @Test
  void aNetworkFileSystemGetsANumber() {
    assertThat(
            LocalMount.of(Map.of("type", "nfs", "device", ":/x", "o", "addr=127.0.0.1,rw"))
                .orElseThrow()
                .data())
        .isEqualTo("addr=127.0.0.1");
  }

  @Test
  void bindNeedsNoType() {
    LocalMount.check("v", Map.of("o", "bind", "device", "/srv"));
    assertThat(LocalMount.of(Map.of("o", "bind", "device", "/srv")).orElseThrow().flags())
        .isEqualTo(MountFlags.MS_BIND);
  }

  @Test
  void wrongOptionsAreNamed() {
    assertThatThrownBy(() -> LocalMount.check("v", Map.of("foo", "x")))
        .hasMessage("create v: invalid option: \"foo\"");
    assertThatThrownBy(() -> LocalMount.check("v", Map.of("type", "tmpfs")))
        .hasMessage("create v: missing required option: \"device\"");
    assertThatThrownBy(() -> LocalMount.check("v", Map.of("size", "1g")))
        .hasMessage("create v: quota size requested but no quota support");
  }
}
