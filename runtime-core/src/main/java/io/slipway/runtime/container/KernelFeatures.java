package io.slipway.runtime.container;

import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.Kernel;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.MountCalls;
import io.slipway.runtime.linux.SystemCall;
import io.slipway.runtime.spec.Capability;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What this kernel and this user can do, found out once when the daemon starts.
 *
 * @param ownCapabilities mask of the capabilities the daemon has and can grant
 * @param lastCapability highest capability number the kernel knows
 */
record KernelFeatures(long ownCapabilities, int lastCapability) {
  private static final String STATUS_FIELD = "CapPrm:\t";

  /** Calls a start needs, with the first kernel that has them. */
  private static final Map<SystemCall, String> NEEDED = new LinkedHashMap<>();

  static {
    NEEDED.put(SystemCall.FSOPEN, "5.2");
    NEEDED.put(SystemCall.MOVE_MOUNT, "5.2");
    NEEDED.put(SystemCall.OPEN_TREE, "5.2");
    NEEDED.put(SystemCall.PIDFD_OPEN, "5.3");
    NEEDED.put(SystemCall.CLONE3, "5.5");
    NEEDED.put(SystemCall.OPENAT2, "5.6");
    NEEDED.put(SystemCall.FACCESSAT2, "5.8");
    NEEDED.put(SystemCall.CLOSE_RANGE, "5.9");
    NEEDED.put(SystemCall.MOUNT_SETATTR, "5.12");
  }

  /**
   * Probes the running kernel.
   *
   * @throws IOException if containers cannot run here, naming everything that is missing
   */
  static KernelFeatures probe() throws IOException {
    long own = ownCapabilitiesNow();
    if ((own >> Capability.SYS_ADMIN.bit() & 1) == 0) {
      throw new IOException(
          "containers need the rights of root (CAP_SYS_ADMIN); run the daemon as root");
    }
    List<String> missing = new ArrayList<>();
    NEEDED.forEach((call, since) -> {
      if (isMissing(call)) {
        missing.add(call.label() + " (linux " + since + ")");
      }
    });
    for (String type : List.of("overlay", "proc", "tmpfs", "devpts", "sysfs", "mqueue")) {
      if (missing.isEmpty() && !canOpen(type)) {
        missing.add("the " + type + " file system");
      }
    }
    if (!missing.isEmpty()) {
      throw new IOException(
          "containers cannot run on kernel %s: it lacks %s; linux 5.12 or newer is needed"
              .formatted(setting("osrelease"), String.join(", ", missing)));
    }
    int last = Integer.parseInt(setting("cap_last_cap"));
    if (last < Capability.CHECKPOINT_RESTORE.bit()) {
      // Capabilities above it would not be dropped; such a kernel lacks the calls above as well.
      throw new IOException("cannot trust the kernel's highest capability " + last);
    }
    return new KernelFeatures(own, last);
  }

  /** All arguments are impossible ones: a kernel that has the call says so, others ENOSYS. */
  private static boolean isMissing(SystemCall call) {
    long nothing = -1;
    return Kernel.tryCall(call, nothing, 0, nothing, 0, 0, 0) == -Errno.ENOSYS.number();
  }

  private static boolean canOpen(String type) {
    try (Fd context = MountCalls.fsOpen(type)) {
      return context.isOpen();
    } catch (LinuxException e) {
      return false;
    }
  }

  private static long ownCapabilitiesNow() throws IOException {
    String field =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith(STATUS_FIELD))
            .findFirst()
            .orElseThrow(() -> new IOException("/proc/self/status has no CapPrm line"));
    return Long.parseUnsignedLong(field.substring(STATUS_FIELD.length()), 16);
  }

  /**
   * A number in {@code /proc/sys} must be read in one piece: the kernel answers only at offset 0,
   * and {@code Files.readString}, which begins with a single byte, gets no further than that.
   */
  private static String setting(String name) throws IOException {
    try (BufferedReader file = Files.newBufferedReader(Path.of("/proc/sys/kernel", name))) {
      return file.readLine().strip();
    }
  }
}
