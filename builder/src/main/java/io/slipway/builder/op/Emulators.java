package io.slipway.builder.op;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * Whether programs of a platform can be started here: by the processor itself, or because the
 * kernel hands them to an emulator (binfmt_misc).
 */
final class Emulators {
  private static final Path REGISTERED = Path.of("/proc/sys/fs/binfmt_misc");
  private static final Map<String, String> QEMU =
      Map.of(
          "amd64", "qemu-x86_64",
          "386", "qemu-i386",
          "arm64", "qemu-aarch64",
          "arm", "qemu-arm",
          "ppc64le", "qemu-ppc64le",
          "s390x", "qemu-s390x",
          "riscv64", "qemu-riscv64",
          "mips64le", "qemu-mips64el",
          "loong64", "qemu-loongarch64");

  private final Path registered;

  Emulators(Path registered) {
    this.registered = registered;
  }

  static Emulators ofKernel() {
    return new Emulators(REGISTERED);
  }

  /**
   * Refuses what could not be started.
   *
   * @throws SlipwayException UNSUPPORTED naming what to install
   */
  void require(Platform wanted, Platform host) throws IOException {
    if (wanted.architecture().equals(host.architecture())
        || host.architecture().equals("amd64") && wanted.architecture().equals("386")) {
      return;
    }
    String name = QEMU.getOrDefault(wanted.architecture(), "qemu-" + wanted.architecture());
    Path entry = registered.resolve(name);
    String state = Files.exists(entry) ? Files.readString(entry) : "";
    Set<String> lines = Set.copyOf(state.lines().toList());
    // F: the emulator was opened when it was registered, so it need not be in the container
    boolean opened = state.lines().anyMatch(line -> line.matches("flags: .*F.*"));
    if (!lines.contains("enabled") || !opened) {
      throw new SlipwayException(
          ErrorKind.UNSUPPORTED,
          "cannot run "
              + wanted
              + " programs on this machine ("
              + host
              + "): no emulator is registered with the kernel; install qemu-user-static"
              + " (apt-get install qemu-user-static)");
    }
  }
}
