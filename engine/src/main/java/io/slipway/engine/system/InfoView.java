package io.slipway.engine.system;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code docker info}: one table of fields. */
final class InfoView {
  private static final String SECCOMP_OPTION = "name=seccomp,profile=builtin";

  private final EngineIdentity identity;
  private final HostFacts host;
  private final SystemFacts facts;
  private final EventBus events;
  private final Clock clock;

  InfoView(
      EngineIdentity identity, HostFacts host, SystemFacts facts, EventBus events, Clock clock) {
    this.identity = identity;
    this.host = host;
    this.facts = facts;
    this.events = events;
    this.clock = clock;
  }

  Map<String, Object> fields() {
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("ID", identity.id());
    counts(info);
    engine(info);
    machine(info);
    limits(info);
    return info;
  }

  private void counts(Map<String, Object> info) {
    SystemFacts.ContainerCounts containers = facts.containers();
    info.put("Containers", containers.all());
    info.put("ContainersRunning", containers.running());
    info.put("ContainersPaused", containers.paused());
    info.put("ContainersStopped", containers.stopped());
    info.put("Images", facts.images());
  }

  private void engine(Map<String, Object> info) {
    info.put("Driver", "overlay2");
    info.put("DriverStatus", List.of(List.of("Mounts", "detached"), List.of("Backing", "overlay")));
    info.put("DockerRootDir", identity.dataRoot().toString());
    info.put(
        "Plugins",
        Map.of(
            "Volume", List.of("local"),
            "Network", List.of("bridge", "host", "null"),
            "Log", List.of("json-file", "none")));
    info.put("LoggingDriver", "json-file");
    info.put("CgroupDriver", identity.cgroupDriver());
    info.put("CgroupVersion", identity.cgroupVersion());
    info.put("ServerVersion", identity.engineVersion());
    info.put("DefaultRuntime", identity.runtimes().standard());
    Map<String, Object> runtimes = new TreeMap<>();
    identity.runtimes().paths().forEach((name, path) -> runtimes.put(name, Map.of("path", path)));
    info.put("Runtimes", runtimes);
    info.put("InitBinary", "");
    info.put("ContainerdCommit", Map.of("ID", ""));
    info.put("RuncCommit", Map.of("ID", ""));
    info.put("InitCommit", Map.of("ID", ""));
    info.put("SecurityOptions", securityOptions());
    info.put("LiveRestoreEnabled", identity.liveRestore());
    info.put("ExperimentalBuild", false);
    info.put("Debug", false);
    info.put("NEventsListener", events.subscribers());
    info.put("SystemTime", clock.instant());
    info.put("Swarm", Map.of("LocalNodeState", "inactive", "ControlAvailable", false));
    info.put("Labels", List.of());
    info.put("Warnings", warnings());
    info.put("CDISpecDirs", List.of());
    info.put("DefaultAddressPools", addressPools());
    info.put("RegistryConfig", registries());
  }

  private List<String> securityOptions() {
    List<String> options = new ArrayList<>();
    if (host.appArmor()) {
      options.add("name=apparmor");
    }
    options.add(SECCOMP_OPTION);
    if (host.rootless()) {
      options.add("name=rootless");
    }
    if (identity.remapped()) {
      options.add("name=userns");
    }
    return options;
  }

  private List<String> warnings() {
    if (!identity.cgroupDriver().equals("none")) {
      return List.of();
    }
    String how =
        identity.cgroupVersion().equals("2")
            ? "Systemd is required to enable cgroups in rootless-mode."
            : "To enable cgroups in rootless-mode, you need to boot the system in cgroup v2 mode.";
    return List.of("WARNING: Running in rootless-mode without cgroups. " + how);
  }

  private List<Map<String, Object>> addressPools() {
    int slash = identity.bridge().indexOf('/');
    return slash < 0
        ? List.of()
        : List.of(
            Map.of(
                "Base", identity.bridge(),
                "Size", Integer.parseInt(identity.bridge().substring(slash + 1))));
  }

  private Map<String, Object> registries() {
    return Map.of(
        "IndexConfigs",
        Map.of(
            "docker.io",
            Map.of("Name", "docker.io", "Official", true, "Secure", true, "Mirrors", List.of())),
        "InsecureRegistryCIDRs",
        List.of("127.0.0.0/8", "::1/128"),
        "Mirrors",
        List.of());
  }

  private void machine(Map<String, Object> info) {
    info.put("Name", host.name());
    info.put("KernelVersion", host.kernel());
    info.put("OperatingSystem", host.operatingSystem());
    info.put("OSVersion", host.osVersion());
    info.put("OSType", "linux");
    info.put("Architecture", HostFacts.machine());
    info.put("NCPU", host.cpus());
    info.put("MemTotal", host.memory());
    info.put("HttpProxy", environment("HTTP_PROXY"));
    info.put("HttpsProxy", environment("HTTPS_PROXY"));
    info.put("NoProxy", environment("NO_PROXY"));
    info.put("IndexServerAddress", "https://index.docker.io/v1/");
  }

  private static String environment(String name) {
    String value = System.getenv(name);
    return value == null ? "" : value;
  }

  private static void limits(Map<String, Object> info) {
    for (String field :
        List.of(
            "MemoryLimit",
            "SwapLimit",
            "CpuCfsPeriod",
            "CpuCfsQuota",
            "CPUShares",
            "CPUSet",
            "PidsLimit",
            "OomKillDisable",
            "IPv4Forwarding")) {
      info.put(field, true);
    }
  }
}
