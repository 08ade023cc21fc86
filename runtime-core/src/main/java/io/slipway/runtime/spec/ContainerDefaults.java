package io.slipway.runtime.spec;

import static io.slipway.runtime.spec.Capability.AUDIT_WRITE;
import static io.slipway.runtime.spec.Capability.CHOWN;
import static io.slipway.runtime.spec.Capability.DAC_OVERRIDE;
import static io.slipway.runtime.spec.Capability.FOWNER;
import static io.slipway.runtime.spec.Capability.FSETID;
import static io.slipway.runtime.spec.Capability.KILL;
import static io.slipway.runtime.spec.Capability.MKNOD;
import static io.slipway.runtime.spec.Capability.NET_BIND_SERVICE;
import static io.slipway.runtime.spec.Capability.NET_RAW;
import static io.slipway.runtime.spec.Capability.SETFCAP;
import static io.slipway.runtime.spec.Capability.SETGID;
import static io.slipway.runtime.spec.Capability.SETPCAP;
import static io.slipway.runtime.spec.Capability.SETUID;
import static io.slipway.runtime.spec.Capability.SYS_CHROOT;
import static io.slipway.runtime.spec.MountOption.NODEV;
import static io.slipway.runtime.spec.MountOption.NOEXEC;
import static io.slipway.runtime.spec.MountOption.NOSUID;
import static io.slipway.runtime.spec.MountOption.READ_ONLY;
import static io.slipway.runtime.spec.MountOption.STRICTATIME;

import io.slipway.runtime.spec.MountSpec.KernelView;
import io.slipway.runtime.spec.MountSpec.KernelView.Kind;
import io.slipway.runtime.spec.Resources.DeviceRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** What Docker gives a container that asks for nothing (moby {@code daemon/pkg/oci}). */
public final class ContainerDefaults {
  public static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  public static final long SHM_BYTES = 64L << 20;

  /** The fourteen capabilities, mask a80425fb. */
  public static final Capabilities CAPABILITIES =
      Capabilities.of(
          Set.of(
              CHOWN,
              DAC_OVERRIDE,
              FSETID,
              FOWNER,
              MKNOD,
              NET_RAW,
              SETGID,
              SETUID,
              SETFCAP,
              SETPCAP,
              NET_BIND_SERVICE,
              SYS_CHROOT,
              KILL,
              AUDIT_WRITE));

  public static final List<String> MASKED_PATHS =
      List.of(
          "/proc/asound",
          "/proc/acpi",
          "/proc/interrupts",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/sys/firmware",
          "/sys/devices/virtual/powercap");

  public static final List<String> READ_ONLY_PATHS =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  public static final List<DeviceNode> DEVICES =
      List.of(
          DeviceNode.character("/dev/null", 1, 3),
          DeviceNode.character("/dev/zero", 1, 5),
          DeviceNode.character("/dev/full", 1, 7),
          DeviceNode.character("/dev/random", 1, 8),
          DeviceNode.character("/dev/urandom", 1, 9),
          DeviceNode.character("/dev/tty", 5, 0));

  /** Sysctls of a container with a network namespace of its own. */
  public static final Map<String, String> NETWORK_SYSCTLS =
      Map.of(
          "net.ipv4.ip_unprivileged_port_start", "0",
          "net.ipv4.ping_group_range", "0 2147483647");

  private ContainerDefaults() {}

  /** Docker's default container around this command line, as root in {@code /}. */
  public static ContainerSpec container(String id, List<String> args) {
    return new ContainerSpec(
        id,
        id.length() > 12 ? id.substring(0, 12) : id,
        "",
        process(args),
        Namespaces.PRIVATE,
        mounts(SHM_BYTES),
        DEVICES,
        MASKED_PATHS,
        READ_ONLY_PATHS,
        false,
        NETWORK_SYSCTLS,
        Resources.UNLIMITED.withDevices(deviceRules()),
        Optional.empty(),
        new SeccompMode.DefaultProfile(),
        Optional.empty());
  }

  /** Docker's default process: root, in {@code /}, default capabilities, PATH set. */
  public static ProcessSpec process(List<String> args) {
    return new ProcessSpec(
        args,
        List.of("PATH=" + PATH),
        "/",
        UserSpec.ROOT,
        CAPABILITIES,
        List.of(),
        false,
        0022,
        OptionalInt.of(0),
        Optional.empty(),
        Optional.empty());
  }

  /** The mounts every container has, in the order they are attached. */
  public static List<MountSpec> mounts(long shmBytes) {
    return List.of(
        new KernelView(Kind.PROC, "/proc", Set.of(NOSUID, NOEXEC, NODEV)),
        new MountSpec.Tmpfs("/dev", Set.of(NOSUID, STRICTATIME), "mode=755,size=65536k"),
        new KernelView(Kind.DEVPTS, "/dev/pts", Set.of(NOSUID, NOEXEC)),
        new KernelView(Kind.SYSFS, "/sys", Set.of(NOSUID, NOEXEC, NODEV, READ_ONLY)),
        new KernelView(Kind.CGROUP, "/sys/fs/cgroup", Set.of(NOSUID, NOEXEC, NODEV, READ_ONLY)),
        new KernelView(Kind.MQUEUE, "/dev/mqueue", Set.of(NOSUID, NOEXEC, NODEV)),
        new MountSpec.Tmpfs(
            "/dev/shm", Set.of(NOSUID, NOEXEC, NODEV), "mode=1777,size=" + shmBytes / 1024 + "k"));
  }

  /** Docker's device rules: nothing but the standard devices, though any node may be made. */
  public static List<DeviceRule> deviceRules() {
    OptionalLong any = OptionalLong.empty();
    return List.of(
        new DeviceRule(false, 'a', any, any, "rwm"),
        new DeviceRule(true, 'c', any, any, "m"),
        new DeviceRule(true, 'b', any, any, "m"),
        allow(1, 3),
        allow(1, 5),
        allow(1, 7),
        allow(1, 8),
        allow(1, 9),
        allow(5, 0),
        allow(5, 1),
        allow(5, 2),
        new DeviceRule(true, 'c', OptionalLong.of(136), any, "rwm"),
        new DeviceRule(true, 'c', OptionalLong.of(10), OptionalLong.of(200), "rwm"));
  }

  private static DeviceRule allow(long major, long minor) {
    return new DeviceRule(true, 'c', OptionalLong.of(major), OptionalLong.of(minor), "rwm");
  }
}
