package io.slipway.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the kernel tells of the module. */
class AppArmorTest {
  @Test
  void isOnlyThereIfTheKernelSaysSo(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("enabled");
    assertThat(AppArmor.isEnabled(file)).isFalse();
    Files.writeString(file, "N\n");
    assertThat(AppArmor.isEnabled(file)).isFalse();
    Files.writeString(file, "Y\n");
    assertThat(AppArmor.isEnabled(file)).isTrue();
  }
}
