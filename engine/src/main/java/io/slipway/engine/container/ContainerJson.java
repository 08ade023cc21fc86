package io.slipway.engine.container;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.slipway.engine.model.Config;
import io.slipway.engine.model.ContainerStatus;
import io.slipway.engine.model.EndpointSettings;
import io.slipway.engine.model.HostConfig;
import io.slipway.engine.model.MountPoint;
import io.slipway.engine.state.Health;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * {@code docker inspect} of a container.
 *
 * @param name with a leading slash
 * @param execIds null when there are none
 */
record ContainerJson(
    String id,
    Instant created,
    String path,
    List<String> args,
    State state,
    String image,
    String resolvConfPath,
    String hostnamePath,
    String hostsPath,
    String logPath,
    String name,
    int restartCount,
    String driver,
    String platform,
    String mountLabel,
    String processLabel,
    String appArmorProfile,
    @JsonProperty("ExecIDs") List<String> execIds,
    HostConfig hostConfig,
    GraphDriver graphDriver,
    @JsonInclude(JsonInclude.Include.NON_NULL) Long sizeRw,
    @JsonInclude(JsonInclude.Include.NON_NULL) Long sizeRootFs,
    List<MountPoint> mounts,
    Config config,
    NetworkSettings networkSettings) {

  /** What it is doing. */
  record State(
      ContainerStatus status,
      boolean running,
      boolean paused,
      boolean restarting,
      @JsonProperty("OOMKilled") boolean oomKilled,
      boolean dead,
      int pid,
      int exitCode,
      String error,
      Instant startedAt,
      Instant finishedAt,
      @JsonInclude(JsonInclude.Include.NON_NULL) Health health) {}

  /** Where its files are. */
  record GraphDriver(String name, Map<String, String> data) {}

  /** Its networks; the fields beside them repeat the bridge's for old clients. */
  record NetworkSettings(
      String bridge,
      @JsonProperty("SandboxID") String sandboxId,
      String sandboxKey,
      Map<String, List<HostConfig.PortBinding>> ports,
      @JsonProperty("EndpointID") String endpointId,
      String gateway,
      @JsonProperty("IPAddress") String ipAddress,
      @JsonProperty("IPPrefixLen") int ipPrefixLen,
      String macAddress,
      Map<String, EndpointSettings> networks) {}
}
