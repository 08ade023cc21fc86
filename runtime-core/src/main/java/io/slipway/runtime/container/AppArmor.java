package io.slipway.runtime.container;

import io.slipway.runtime.linux.Privileges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The security module AppArmor. */
public final class AppArmor {
  private static final Path ENABLED = Path.of("/sys/module/apparmor/parameters/enabled");

  private AppArmor() {}

  /** Whether this kernel has it, has it switched on, and lets this daemon use it. */
  public static boolean isEnabled() throws IOException {
    return !Privileges.own().isRootless() && isEnabled(ENABLED);
  }

  /** With another file in place of the kernel's, for tests. */
  static boolean isEnabled(Path file) throws IOException {
    return Files.exists(file) && Files.readAllLines(file).getFirst().startsWith("Y");
  }
}
