package io.slipway.builder.op;

import io.slipway.builder.graph.Exec;
import io.slipway.builder.graph.HostEntry;
import io.slipway.runtime.container.DeviceFiles;
import io.slipway.runtime.network.HostsFile;
import io.slipway.runtime.network.NetworkAttachment;
import io.slipway.runtime.network.NetworkMode;
import io.slipway.runtime.network.ResolvConf;
import io.slipway.runtime.spec.Capabilities;
import io.slipway.runtime.spec.ContainerDefaults;
import io.slipway.runtime.spec.ContainerSpec;
import io.slipway.runtime.spec.DeviceNode;
import io.slipway.runtime.spec.MountOption;
import io.slipway.runtime.spec.MountSpec;
import io.slipway.runtime.spec.Resources;
import io.slipway.runtime.spec.SeccompMode;
import io.slipway.runtime.spec.TerminalSize;
import io.slipway.runtime.spec.UserSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The container of a RUN step: Docker's defaults and what the instruction says. */
final class StepSpec {
  private static final Path HOST_RESOLV_CONF = Path.of("/etc/resolv.conf");
  private static final Resources.DeviceRule EVERY_DEVICE =
      new Resources.DeviceRule(true, 'a', OptionalLong.empty(), OptionalLong.empty(), "rwm");
  private static final String READ_ONLY_FILE = "rw-r--r--";

  private final Exec exec;
  private final StepFolders folders;

  StepSpec(Exec exec, StepFolders folders) {
    this.exec = exec;
    this.folders = folders;
  }

  Exec exec() {
    return exec;
  }

  ContainerSpec of(
      String id,
      NetworkMode mode,
      NetworkAttachment network,
      StepMounts more,
      Optional<TerminalSize> terminal)
      throws IOException {
    long shm = exec.hints().shmSizeBytes().orElse(ContainerDefaults.SHM_BYTES);
    var mounts = new ArrayList<MountSpec>();
    ContainerDefaults.mounts(shm).forEach(mount -> mounts.add(kernelMount(mount)));
    mounts.add(readOnly("/etc/hosts", hosts()));
    mounts.add(readOnly("/etc/resolv.conf", resolvConf(mode)));
    mounts.addAll(more.specs());
    ContainerSpec defaults = secured(ContainerDefaults.container(id, exec.arguments()));
    return defaults.with(spec ->
        spec.hostname(exec.hostname())
            .cgroupParent(exec.hints().limits().cgroupParent())
            .namespaces(defaults.namespaces().withNetwork(network.namespace()))
            .resources(
                defaults
                    .resources()
                    .withMemory(exec.hints().limits().memory())
                    .withCpu(exec.hints().limits().cpu()))
            .sysctls(mode == NetworkMode.HOST ? Map.of() : ContainerDefaults.NETWORK_SYSCTLS)
            .mounts(mounts)
            .process(
                defaults
                    .process()
                    .with(process ->
                        process
                            .env(environment(more.variables()))
                            .cwd(exec.workingDirectory())
                            .terminal(terminal)
                            .rlimits(exec.hints().limits().rlimits())
                            .user(UserSpec.of(exec.user())))));
  }

  /** {@code --security=insecure}: as docker's privileged containers. */
  private ContainerSpec secured(ContainerSpec usual) throws IOException {
    if (!exec.insecure()) {
      return usual;
    }
    List<DeviceNode> devices = DeviceFiles.list();
    return usual.with(spec ->
        spec.devices(devices)
            .maskedPaths(List.of())
            .readOnlyPaths(List.of())
            .seccomp(new SeccompMode.Unconfined())
            .resources(usual.resources().withDevices(List.of(EVERY_DEVICE)))
            .process(usual.process().with(process -> process.capabilities(Capabilities.ALL))));
  }

  private MountSpec kernelMount(MountSpec mount) {
    if (!exec.insecure() || !(mount instanceof MountSpec.KernelView view)) {
      return mount;
    }
    Set<MountOption> options = new HashSet<>(view.options());
    options.remove(MountOption.READ_ONLY);
    return new MountSpec.KernelView(view.kind(), view.target(), options);
  }

  /** Proxies come last and do not replace what the Dockerfile sets. */
  private List<String> environment(List<String> fromMounts) {
    var environment = new ArrayList<>(exec.environment());
    for (String variable : fromMounts) {
      String name = variable.substring(0, variable.indexOf('=') + 1);
      environment.removeIf(line -> line.startsWith(name));
      environment.add(variable);
    }
    for (String proxy : exec.hints().proxyEnvironment()) {
      String name = proxy.substring(0, proxy.indexOf('=') + 1);
      if (exec.environment().stream().noneMatch(line -> line.startsWith(name))) {
        environment.add(proxy);
      }
    }
    return environment;
  }

  private MountSpec readOnly(String target, String text) throws IOException {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    return MountSpec.Bind.readOnly(folders.file(content, READ_ONLY_FILE), target);
  }

  private String hosts() {
    HostsFile hosts = HostsFile.standard().with("127.0.0.1", List.of(exec.hostname()));
    for (HostEntry entry : exec.hints().extraHosts()) {
      hosts = hosts.with(entry.address(), List.of(entry.name()));
    }
    return hosts.text();
  }

  private static String resolvConf(NetworkMode mode) throws IOException {
    if (mode != NetworkMode.HOST) {
      return ResolvConf.forOwnNamespace(HOST_RESOLV_CONF).text();
    }
    return Files.exists(HOST_RESOLV_CONF) ? Files.readString(HOST_RESOLV_CONF) : "";
  }

  /**
   * Makes what the container's mounts are attached to.
   *
   * @param files targets that are files, besides those every container has
   */
  static void prepare(MountPoints points, ContainerSpec spec, Set<String> files)
      throws IOException {
    var all = new ArrayList<String>();
    for (MountSpec mount : spec.mounts()) {
      String target = mount.target();
      boolean covered = all.stream().anyMatch(above -> target.startsWith(above + "/"));
      if (!covered) {
        boolean file = target.startsWith("/etc/hosts") || target.startsWith("/etc/resolv.conf");
        points.prepare(target, !file && !files.contains(target));
        all.add(target);
      }
    }
  }
}
