package io.slipway.runtime.spec;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Everything about a container except its files and its standard streams.
 *
 * @param id names its cgroup; letters, digits, {@code _.-}, at most 128
 * @param hostname empty keeps the one of the UTS namespace
 * @param domainname NIS domain, empty keeps the present one
 * @param process the first process
 * @param mounts attached in this order after the root file system
 * @param devices nodes made in {@code /dev}; whether they may be opened is said in resources
 * @param maskedPaths made unreadable; missing ones are skipped
 * @param readOnlyPaths bound read-only onto themselves; missing ones are skipped
 * @param sysctls name with dots to value, written to {@code /proc/sys}
 * @param cgroupParent cgroup path below which the container's own is made; empty for the default
 * @param seccomp filter for the first process and for every exec
 * @param initBinary static init program of the host that becomes process 1 and reaps orphans
 */
public record ContainerSpec(
    String id,
    String hostname,
    String domainname,
    ProcessSpec process,
    Namespaces namespaces,
    List<MountSpec> mounts,
    List<DeviceNode> devices,
    List<String> maskedPaths,
    List<String> readOnlyPaths,
    boolean readOnlyRoot,
    Map<String, String> sysctls,
    Resources resources,
    Optional<String> cgroupParent,
    SeccompMode seccomp,
    Optional<Path> initBinary) {
  private static final Pattern ID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}");

  public ContainerSpec {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("invalid container id " + id);
    }
    Objects.requireNonNull(hostname, "hostname");
    Objects.requireNonNull(domainname, "domainname");
    Objects.requireNonNull(process, "process");
    Objects.requireNonNull(namespaces, "namespaces");
    Objects.requireNonNull(resources, "resources");
    Objects.requireNonNull(cgroupParent, "cgroupParent");
    Objects.requireNonNull(seccomp, "seccomp");
    Objects.requireNonNull(initBinary, "initBinary");
    mounts = List.copyOf(mounts);
    devices = List.copyOf(devices);
    maskedPaths = List.copyOf(maskedPaths);
    readOnlyPaths = List.copyOf(readOnlyPaths);
    sysctls = Map.copyOf(sysctls);
    maskedPaths.forEach(ContainerPaths::requireAbsolute);
    readOnlyPaths.forEach(ContainerPaths::requireAbsolute);
  }

  /** A copy with some parts replaced: {@code spec.with(b -> b.hostname("web"))}. */
  public ContainerSpec with(UnaryOperator<ContainerSpecBuilder> changes) {
    return changes.apply(new ContainerSpecBuilder(this)).build();
  }
}
