package io.slipway.engine.system;

import io.slipway.runtime.container.AppArmor;
import io.slipway.runtime.linux.Privileges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The machine, as {@code docker info} describes it.
 *
 * @param rootless whether the daemon is a normal user's
 */
record HostFacts(
    String name,
    String kernel,
    String operatingSystem,
    String osVersion,
    int cpus,
    long memory,
    boolean appArmor,
    boolean rootless) {

  static HostFacts read() throws IOException {
    return new HostFacts(
        line("/proc/sys/kernel/hostname"),
        line("/proc/sys/kernel/osrelease"),
        release("PRETTY_NAME", "Linux"),
        release("VERSION_ID", ""),
        Runtime.getRuntime().availableProcessors(),
        memoryBytes(),
        AppArmor.isEnabled(),
        Privileges.own().isRootless());
  }

  /** The kernel's name for the processor. */
  static String machine() {
    String arch = System.getProperty("os.arch");
    return arch.equals("amd64") ? "x86_64" : arch;
  }

  /** Go's name for the processor. */
  static String architecture() {
    String arch = System.getProperty("os.arch");
    return arch.equals("aarch64") ? "arm64" : arch;
  }

  private static String line(String file) throws IOException {
    // a sysctl wants to be read in one go; Files.readString starts with a single byte
    return Files.readAllLines(Path.of(file)).getFirst().strip();
  }

  private static String release(String key, String otherwise) throws IOException {
    Path file = Path.of("/etc/os-release");
    if (!Files.exists(file)) {
      return otherwise;
    }
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith(key + "="))
        .map(line -> line.substring(key.length() + 1).replace("\"", ""))
        .findFirst()
        .orElse(otherwise);
  }

  private static long memoryBytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/meminfo")).stream()
        .filter(line -> line.startsWith("MemTotal:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElse(0);
  }
}
