package io.slipway.builder.op;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.model.Platform;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmulatorsTest {
  private static final Platform HOST = new Platform("linux", "amd64");
  private static final Platform ARM = new Platform("linux", "arm64");

  @TempDir Path registered;

  private void register(String state, String flags) throws Exception {
    Files.writeString(
        registered.resolve("qemu-aarch64"),
        state + "\ninterpreter /usr/libexec/qemu-binfmt/aarch64-binfmt-P\nflags: " + flags + "\n");
  }

  @Test
  void needsOneThatIsOnAndOpen() throws Exception {
    var emulators = new Emulators(registered);
    assertThatCode(() -> emulators.require(HOST, HOST)).doesNotThrowAnyException();
    assertThatCode(() -> emulators.require(new Platform("linux", "386"), HOST))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> emulators.require(ARM, HOST))
        .hasMessageContaining("cannot run linux/arm64 programs on this machine (linux/amd64)")
        .hasMessageContaining("qemu-user-static");
    register("disabled", "POCF");
    assertThatThrownBy(() -> emulators.require(ARM, HOST)).hasMessageContaining("qemu-user-static");
    register("enabled", "OC");
    assertThatThrownBy(() -> emulators.require(ARM, HOST)).hasMessageContaining("qemu-user-static");
    register("enabled", "POCF");
    assertThatCode(() -> emulators.require(ARM, HOST)).doesNotThrowAnyException();
  }
}
