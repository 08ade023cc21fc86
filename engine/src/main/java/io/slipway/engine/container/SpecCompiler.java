package io.slipway.engine.container;

import io.slipway.engine.model.Config;
import io.slipway.engine.model.HostConfig;
import io.slipway.engine.model.MountPoint;
import io.slipway.engine.state.ContainerRecord;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.spec.ContainerDefaults;
import io.slipway.runtime.spec.ContainerSpec;
import io.slipway.runtime.spec.DeviceNode;
import io.slipway.runtime.spec.MountOption;
import io.slipway.runtime.spec.MountSpec;
import io.slipway.runtime.spec.Namespaces;
import io.slipway.runtime.spec.ProcessSpec;
import io.slipway.runtime.spec.TerminalSize;
import io.slipway.runtime.spec.UserSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A container's record and its surroundings, compiled to everything the kernel must be told. Pure:
 * no file, no clock, no process.
 */
final class SpecCompiler {
  private static final List<String> OWN_FILES = List.of("resolv.conf", "hostname", "hosts");

  /** Sysctls that count per namespace; others would change the host. */
  private static final List<String> NAMESPACED =
      List.of("kernel.msg", "kernel.sem", "kernel.shm", "fs.mqueue.", "net.");

  private static final String PING_GROUPS = "net.ipv4.ping_group_range";

  private SpecCompiler() {}

  static ContainerSpec compile(ContainerRecord record, Surroundings around) {
    Config config = record.config();
    HostConfig host = record.hostConfig();
    Namespaces namespaces = namespaces(host, around);
    boolean hostUts = host.utsMode().equals("host");
    return ContainerDefaults.container(record.id(), command(config))
        .with(spec ->
            spec.hostname(hostUts ? "" : config.hostname())
                .domainname(hostUts ? "" : config.domainname())
                .process(process(config, host))
                .namespaces(namespaces)
                .mounts(mounts(record, around))
                .devices(devices(host, around))
                .maskedPaths(paths(host, host.maskedPaths(), ContainerDefaults.MASKED_PATHS))
                .readOnlyPaths(paths(host, host.readonlyPaths(), ContainerDefaults.READ_ONLY_PATHS))
                .readOnlyRoot(host.readonlyRootfs())
                .sysctls(sysctls(host, namespaces))
                .resources(ResourceCompiler.resources(host, around.devices()))
                .cgroupParent(
                    host.cgroupParent().isEmpty()
                        ? Optional.empty()
                        : Optional.of(host.cgroupParent()))
                .seccomp(SecurityCompiler.seccomp(host)));
  }

  /** Entrypoint and command as one line. */
  static List<String> command(Config config) {
    List<String> line = new ArrayList<>();
    if (config.entrypoint() != null) {
      line.addAll(config.entrypoint());
    }
    if (config.cmd() != null) {
      line.addAll(config.cmd());
    }
    if (line.isEmpty()) {
      throw SlipwayException.invalid("no command specified");
    }
    return line;
  }

  static ProcessSpec process(Config config, HostConfig host) {
    return ContainerDefaults.process(command(config))
        .with(process ->
            process
                .env(environment(config))
                .cwd(config.workingDir().isEmpty() ? "/" : config.workingDir())
                .user(new UserSpec(config.user(), host.groupAdd()))
                .capabilities(SecurityCompiler.capabilities(host))
                .rlimits(ResourceCompiler.rlimits(host))
                .noNewPrivileges(SecurityCompiler.noNewPrivileges(host))
                .appArmor(SecurityCompiler.appArmor(host))
                .oomScoreAdjust(OptionalInt.of(host.oomScoreAdj()))
                .terminal(terminal(config, host)));
  }

  private static Optional<TerminalSize> terminal(Config config, HostConfig host) {
    if (!config.tty()) {
      return Optional.empty();
    }
    int rows = host.consoleSize().getFirst();
    int columns = host.consoleSize().getLast();
    return Optional.of(new TerminalSize(columns, rows));
  }

  /** PATH, HOSTNAME and TERM come first, as in Docker; the container's own values win. */
  static List<String> environment(Config config) {
    Map<String, String> byName = new LinkedHashMap<>();
    byName.put("PATH", "PATH=" + ContainerDefaults.PATH);
    if (!config.hostname().isEmpty()) {
      byName.put("HOSTNAME", "HOSTNAME=" + config.hostname());
    }
    if (config.tty()) {
      byName.put("TERM", "TERM=xterm");
    }
    for (String variable : config.env()) {
      int equals = variable.indexOf('=');
      if (equals < 0) {
        // a name alone removes the variable
        byName.remove(variable);
      } else {
        byName.put(variable.substring(0, equals), variable);
      }
    }
    return List.copyOf(byName.values());
  }

  private static Namespaces namespaces(HostConfig host, Surroundings around) {
    boolean ownCgroup =
        host.cgroupnsMode().isEmpty()
            ? around.privateCgroup() && !host.privileged()
            : host.cgroupnsMode().equals("private");
    return new Namespaces(
        around.pid(),
        around.network(),
        around.ipc(),
        host.utsMode().equals("host") ? new Namespaces.Host() : new Namespaces.Private(),
        ownCgroup ? new Namespaces.Private() : new Namespaces.Host(),
        around.users().mappings());
  }

  private static List<MountSpec> mounts(ContainerRecord record, Surroundings around) {
    HostConfig host = record.hostConfig();
    List<PlannedMount> planned = MountParser.plan(record.config(), host);
    Set<String> taken = planned.stream().map(PlannedMount::target).collect(Collectors.toSet());
    List<MountSpec> mounts = new ArrayList<>();
    for (MountSpec mount : ContainerDefaults.mounts(host.shmSize())) {
      if (!taken.contains(mount.target())) {
        mounts.add(kernelMount(mount, host));
      }
    }
    // by target, so that what is mounted on /etc does not hide /etc/hosts
    SortedMap<String, MountSpec> own = new TreeMap<>();
    for (String file : OWN_FILES) {
      String target = "/etc/" + file;
      own.put(target, MountSpec.Bind.of(around.files().resolve(file), target).ownedByContainer());
    }
    Map<String, MountPoint> resolved = new HashMap<>();
    for (MountPoint point : record.mounts()) {
      resolved.put(point.destination(), point);
      if (!point.type().equals("tmpfs")) {
        own.put(point.destination(), inherited(point, around));
      }
    }
    planned.forEach(mount -> own.put(mount.target(), mount(mount, resolved, around)));
    mounts.addAll(own.values());
    return mounts;
  }

  private static MountSpec kernelMount(MountSpec mount, HostConfig host) {
    if (host.ipcMode().equals("host") && mount.target().equals("/dev/shm")) {
      return MountSpec.Bind.of(Path.of("/dev/shm"), "/dev/shm");
    }
    if (host.privileged() && mount instanceof MountSpec.KernelView view) {
      Set<MountOption> options = EnumSet.noneOf(MountOption.class);
      options.addAll(view.options());
      options.remove(MountOption.READ_ONLY);
      return new MountSpec.KernelView(view.kind(), view.target(), options);
    }
    return mount;
  }

  /** What comes from another container is known only as it was resolved there. */
  private static MountSpec inherited(MountPoint point, Surroundings around) {
    Set<MountOption> options = point.rw() ? Set.<MountOption>of() : Set.of(MountOption.READ_ONLY);
    MountSpec.Propagation propagation =
        switch (point.propagation()) {
          case "rslave", "slave" -> MountSpec.Propagation.SLAVE;
          case "rshared", "shared" -> MountSpec.Propagation.SHARED;
          default -> MountSpec.Propagation.PRIVATE;
        };
    boolean own =
        point.type().equals("volume") && around.users().ownVolumes().contains(point.name());
    return new MountSpec.Bind(
        Path.of(point.source()), point.destination(), options, true, propagation, own);
  }

  private static MountSpec mount(
      PlannedMount mount, Map<String, MountPoint> resolved, Surroundings around) {
    Set<MountOption> options =
        mount.readOnly() ? Set.of(MountOption.READ_ONLY) : Set.<MountOption>of();
    return switch (mount.source()) {
      case PlannedMount.Memory memory ->
          new MountSpec.Tmpfs(mount.target(), memory.options(), memory.data());
      case PlannedMount.HostPath path ->
          new MountSpec.Bind(
              Path.of(path.path()), mount.target(), options, path.recursive(), path.propagation());
      case PlannedMount.Volume ignored -> inherited(resolved.get(mount.target()), around);
      case PlannedMount.Image ignored -> inherited(resolved.get(mount.target()), around);
    };
  }

  private static List<DeviceNode> devices(HostConfig host, Surroundings around) {
    Map<String, DeviceNode> byPath = new LinkedHashMap<>();
    if (!host.privileged()) {
      ContainerDefaults.DEVICES.forEach(device -> byPath.put(device.path(), device));
    }
    around.devices().nodes().forEach(device -> byPath.put(device.path(), device));
    return List.copyOf(byPath.values());
  }

  private static List<String> paths(HostConfig host, List<String> asked, List<String> defaults) {
    return host.privileged() ? List.of() : asked == null ? defaults : asked;
  }

  private static Map<String, String> sysctls(HostConfig host, Namespaces namespaces) {
    Map<String, String> all = new HashMap<>();
    boolean hostNetwork = namespaces.network() instanceof Namespaces.Host;
    boolean ownNetwork = !hostNetwork && !host.networkMode().startsWith("container:");
    if (ownNetwork) {
      all.putAll(ContainerDefaults.NETWORK_SYSCTLS);
      if (namespaces.user().isPresent()) {
        // names a group that the container does not have
        all.remove(PING_GROUPS);
      }
    }
    host.sysctls()
        .forEach((name, value) -> {
          if (NAMESPACED.stream().noneMatch(name::startsWith)
              || name.startsWith("net.") && hostNetwork) {
            throw SlipwayException.invalid(
                "sysctl \"" + name + "\" is not allowed: it is not in a separate namespace");
          }
          all.put(name, value);
        });
    return all;
  }
}
