package io.slipway.engine.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.slipway.runtime.spec.ContainerDefaults;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a container meets this machine; the other part of a create request. Sizes are bytes, periods
 * and quotas microseconds.
 *
 * @param consoleSize rows and columns of the first terminal
 * @param memorySwappiness null or -1 when not set
 * @param oomKillDisable null when not set
 * @param pidsLimit null, 0 and -1 mean no limit
 * @param init null when not set
 * @param maskedPaths null means the default list, empty means none
 * @param readonlyPaths null means the default list, empty means none
 */
public record HostConfig(
    List<String> binds,
    @JsonProperty("ContainerIDFile") String containerIdFile,
    LogConfig logConfig,
    String networkMode,
    Map<String, List<PortBinding>> portBindings,
    RestartPolicy restartPolicy,
    boolean autoRemove,
    String volumeDriver,
    List<String> volumesFrom,
    List<Integer> consoleSize,
    Map<String, String> annotations,
    List<String> capAdd,
    List<String> capDrop,
    String cgroupnsMode,
    List<String> dns,
    List<String> dnsOptions,
    List<String> dnsSearch,
    List<String> extraHosts,
    List<String> groupAdd,
    String ipcMode,
    String cgroup,
    List<String> links,
    int oomScoreAdj,
    String pidMode,
    boolean privileged,
    boolean publishAllPorts,
    boolean readonlyRootfs,
    List<String> securityOpt,
    Map<String, String> storageOpt,
    Map<String, String> tmpfs,
    @JsonProperty("UTSMode") String utsMode,
    String usernsMode,
    long shmSize,
    Map<String, String> sysctls,
    String runtime,
    String isolation,
    long cpuShares,
    long memory,
    long nanoCpus,
    String cgroupParent,
    int blkioWeight,
    List<WeightDevice> blkioWeightDevice,
    List<ThrottleDevice> blkioDeviceReadBps,
    List<ThrottleDevice> blkioDeviceWriteBps,
    @JsonProperty("BlkioDeviceReadIOps") List<ThrottleDevice> blkioDeviceReadIops,
    @JsonProperty("BlkioDeviceWriteIOps") List<ThrottleDevice> blkioDeviceWriteIops,
    long cpuPeriod,
    long cpuQuota,
    long cpuRealtimePeriod,
    long cpuRealtimeRuntime,
    String cpusetCpus,
    String cpusetMems,
    List<DeviceMapping> devices,
    List<String> deviceCgroupRules,
    List<Map<String, Object>> deviceRequests,
    long memoryReservation,
    long memorySwap,
    Long memorySwappiness,
    Boolean oomKillDisable,
    Long pidsLimit,
    List<Ulimit> ulimits,
    List<MountRequest> mounts,
    List<String> maskedPaths,
    List<String> readonlyPaths,
    Boolean init) {
  public HostConfig {
    binds = Absent.list(binds);
    containerIdFile = Absent.text(containerIdFile);
    logConfig = logConfig == null ? LogConfig.DEFAULT : logConfig;
    shmSize = shmSize == 0 ? ContainerDefaults.SHM_BYTES : shmSize;
    networkMode = networkMode == null || networkMode.isEmpty() ? "bridge" : networkMode;
    portBindings = bindings(portBindings);
    restartPolicy = restartPolicy == null ? RestartPolicy.NO : restartPolicy;
    volumeDriver = Absent.text(volumeDriver);
    volumesFrom = Absent.list(volumesFrom);
    consoleSize =
        consoleSize == null || consoleSize.size() != 2 ? List.of(0, 0) : List.copyOf(consoleSize);
    annotations = Absent.texts(annotations);
    capAdd = Absent.list(capAdd);
    capDrop = Absent.list(capDrop);
    cgroupnsMode = Absent.text(cgroupnsMode);
    dns = Absent.list(dns);
    dnsOptions = Absent.list(dnsOptions);
    dnsSearch = Absent.list(dnsSearch);
    extraHosts = Absent.list(extraHosts);
    groupAdd = Absent.list(groupAdd);
    ipcMode = Absent.text(ipcMode);
    cgroup = Absent.text(cgroup);
    links = Absent.list(links);
    pidMode = Absent.text(pidMode);
    securityOpt = Absent.list(securityOpt);
    storageOpt = Absent.texts(storageOpt);
    tmpfs = Absent.texts(tmpfs);
    utsMode = Absent.text(utsMode);
    usernsMode = Absent.text(usernsMode);
    sysctls = Absent.texts(sysctls);
    runtime = Absent.text(runtime);
    isolation = Absent.text(isolation);
    cgroupParent = Absent.text(cgroupParent);
    blkioWeightDevice = Absent.list(blkioWeightDevice);
    blkioDeviceReadBps = Absent.list(blkioDeviceReadBps);
    blkioDeviceWriteBps = Absent.list(blkioDeviceWriteBps);
    blkioDeviceReadIops = Absent.list(blkioDeviceReadIops);
    blkioDeviceWriteIops = Absent.list(blkioDeviceWriteIops);
    cpusetCpus = Absent.text(cpusetCpus);
    cpusetMems = Absent.text(cpusetMems);
    devices = Absent.list(devices);
    deviceCgroupRules = Absent.list(deviceCgroupRules);
    deviceRequests = Absent.list(deviceRequests);
    ulimits = Absent.list(ulimits);
    mounts = Absent.list(mounts);
    maskedPaths = maskedPaths == null ? null : List.copyOf(maskedPaths);
    readonlyPaths = readonlyPaths == null ? null : List.copyOf(readonlyPaths);
  }

  /** A null among the bindings of a port is one with nothing chosen, as for Docker. */
  private static Map<String, List<PortBinding>> bindings(Map<String, List<PortBinding>> asked) {
    Map<String, List<PortBinding>> all = new LinkedHashMap<>(Absent.map(asked));
    all.replaceAll((port, some) ->
        some == null
            ? null
            : some.stream().map(one -> one == null ? PortBinding.ANY : one).toList());
    return Collections.unmodifiableMap(all);
  }

  /** Where logs go. */
  public record LogConfig(String type, Map<String, String> config) {
    public static final LogConfig DEFAULT = new LogConfig("json-file", Map.of());

    public LogConfig {
      type = type == null || type.isEmpty() ? "json-file" : type;
      config = Absent.texts(config);
    }
  }

  /** What happens when the container ends. */
  public record RestartPolicy(String name, int maximumRetryCount) {
    public static final RestartPolicy NO = new RestartPolicy("no", 0);

    public RestartPolicy {
      name = name == null || name.isEmpty() ? "no" : name;
    }
  }

  /** A host address and port, both texts, either may be empty. */
  public record PortBinding(@JsonProperty("HostIp") String hostIp, String hostPort) {
    static final PortBinding ANY = new PortBinding("", "");

    public PortBinding {
      hostIp = Absent.text(hostIp);
      hostPort = Absent.text(hostPort);
    }
  }

  /** A limit of each process; -1 for none. */
  public record Ulimit(String name, long soft, long hard) {
    public Ulimit {
      name = Absent.text(name);
    }
  }

  /** A device of the host. */
  public record DeviceMapping(String pathOnHost, String pathInContainer, String cgroupPermissions) {
    public DeviceMapping {
      pathOnHost = Absent.text(pathOnHost);
      pathInContainer = Absent.text(pathInContainer);
      cgroupPermissions = Absent.text(cgroupPermissions);
    }
  }

  /** A disk's share of traffic. */
  public record WeightDevice(String path, int weight) {}

  /** A disk's rate limit. */
  public record ThrottleDevice(String path, long rate) {}
}
