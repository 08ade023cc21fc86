package io.slipway.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.runtime.linux.Arch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TinyExecutableTest {
  @TempDir Path folder;

  @Test
  void oneEndsAtOnceAndOneDoesNot() throws Exception {
    Process exiting = start("exiting", TinyExecutable.exiting(Arch.current()));
    assertThat(exiting.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(exiting.exitValue()).isZero();

    Process waiting = start("waiting", TinyExecutable.waiting(Arch.current()));
    assertThat(waiting.waitFor(100, TimeUnit.MILLISECONDS)).isFalse();
    waiting.destroy();
    assertThat(waiting.waitFor()).isEqualTo(128 + 15);
  }

  private Process start(String name, byte[] program) throws Exception {
    Path file = Files.write(folder.resolve(name), program);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new ProcessBuilder(file.toString()).start();
  }
}
