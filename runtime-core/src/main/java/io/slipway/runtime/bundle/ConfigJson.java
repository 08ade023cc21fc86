package io.slipway.runtime.bundle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.slipway.runtime.container.Identity;
import io.slipway.runtime.spec.ContainerDefaults;
import io.slipway.runtime.spec.ContainerSpec;
import io.slipway.runtime.spec.DeviceNode;
import io.slipway.runtime.spec.MountSpec;
import io.slipway.runtime.spec.Namespaces;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A container's specification as {@code config.json} of an OCI bundle. Pure. */
final class ConfigJson {
  private static final String VERSION = "1.0.2";
  private static final Path OWN = Path.of("/proc/self");

  private final ContainerSpec spec;
  private final Facts facts;

  private ConfigJson(ContainerSpec spec, Facts facts) {
    this.spec = spec;
    this.facts = facts;
  }

  /**
   * What the specification leaves open.
   *
   * @param rootfs where the root is mounted
   * @param cgroup path that the program is to use
   * @param daemon our process id, for descriptors of ours that are named by path
   * @param seccomp the filter in OCI form
   */
  record Facts(
      Path rootfs, String cgroup, long daemon, Identity identity, Optional<ObjectNode> seccomp) {}

  static ObjectNode of(ContainerSpec spec, Facts facts) {
    return new ConfigJson(spec, facts).all();
  }

  private ObjectNode all() {
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    config.put("ociVersion", VERSION);
    config.set("process", ProcessJson.of(spec.process(), facts.identity()));
    config
        .putObject("root")
        .put("path", facts.rootfs().toString())
        .put("readonly", spec.readOnlyRoot());
    if (!spec.hostname().isEmpty()) {
      config.put("hostname", spec.hostname());
    }
    ArrayNode mounts = config.putArray("mounts");
    spec.mounts().forEach(mount -> mounts.add(MountJson.of(mount, this::visible)));
    linux(config.putObject("linux"));
    return config;
  }

  private void linux(ObjectNode linux) {
    namespaces(linux.putArray("namespaces"));
    ArrayNode devices = linux.putArray("devices");
    spec.devices().stream()
        .filter(device -> !ContainerDefaults.DEVICES.contains(device))
        .forEach(device -> device(devices.addObject(), device));
    linux.put("cgroupsPath", facts.cgroup());
    linux.set("resources", ResourcesJson.of(spec.resources()));
    texts(linux.putArray("maskedPaths"), spec.maskedPaths());
    texts(linux.putArray("readonlyPaths"), spec.readOnlyPaths());
    sysctls(linux.putObject("sysctl"));
    propagation(linux);
    facts.seccomp().ifPresent(filter -> linux.set("seccomp", filter));
  }

  private void namespaces(ArrayNode list) {
    list.addObject().put("type", "mount");
    Namespaces all = spec.namespaces();
    namespace(list, "pid", all.pid());
    namespace(list, "network", all.network());
    namespace(list, "ipc", all.ipc());
    namespace(list, "uts", all.uts());
    namespace(list, "cgroup", all.cgroup());
  }

  private void namespace(ArrayNode list, String type, Namespaces.Mode mode) {
    switch (mode) {
      case Namespaces.Host ignored -> {}
      case Namespaces.Private ignored -> list.addObject().put("type", type);
      case Namespaces.Join join ->
          list.addObject().put("type", type).put("path", visible(join.path()).toString());
    }
  }

  /** A descriptor of ours has another path for another process. */
  private Path visible(Path path) {
    return path.startsWith(OWN)
        ? Path.of("/proc", Long.toString(facts.daemon())).resolve(OWN.relativize(path))
        : path;
  }

  private static void device(ObjectNode json, DeviceNode device) {
    json.put("path", device.path())
        .put("type", device.type() == DeviceNode.Type.BLOCK ? "b" : "c")
        .put("major", device.major())
        .put("minor", device.minor())
        .put("fileMode", device.mode())
        .put("uid", device.uid())
        .put("gid", device.gid());
  }

  /** Docker's own settings come with every specification and are left out where they do not fit. */
  private void sysctls(ObjectNode json) {
    boolean hostNetwork = spec.namespaces().network() instanceof Namespaces.Host;
    for (Map.Entry<String, String> sysctl : new TreeMap<>(spec.sysctls()).entrySet()) {
      if (!hostNetwork || !sysctl.getKey().startsWith("net.")) {
        json.put(sysctl.getKey(), sysctl.getValue());
      }
    }
    if (!spec.domainname().isEmpty()) {
      // older programs do not know the field of that name
      json.put("kernel.domainname", spec.domainname());
    }
  }

  /** What is mounted later can come in only through a root that lets it. */
  private void propagation(ObjectNode linux) {
    spec.mounts().stream()
        .filter(MountSpec.Bind.class::isInstance)
        .map(mount -> ((MountSpec.Bind) mount).propagation())
        .max(Enum::compareTo)
        .filter(most -> most != MountSpec.Propagation.PRIVATE)
        .ifPresent(most ->
            linux.put(
                "rootfsPropagation", most == MountSpec.Propagation.SHARED ? "rshared" : "rslave"));
  }

  private static void texts(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }
}
