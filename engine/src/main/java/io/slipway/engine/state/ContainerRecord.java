package io.slipway.engine.state;

import io.slipway.engine.model.Config;
import io.slipway.engine.model.EndpointSettings;
import io.slipway.engine.model.HostConfig;
import io.slipway.engine.model.MountPoint;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Everything about a container that outlives the daemon.
 *
 * @param name without the leading slash of the API
 * @param imageId {@code sha256:...}
 * @param config merged with the image's defaults
 * @param hostConfig with the engine's defaults filled in
 * @param endpoints by network name: what was asked for, and while it runs what it got
 * @param mounts bind mounts, volumes and tmpfs, as resolved at creation
 * @param restartCount how often its policy has restarted it since somebody started it
 * @param manuallyStopped whether somebody stopped it since then, which ends its restarts
 */
public record ContainerRecord(
    String id,
    String name,
    Instant created,
    String imageId,
    Config config,
    HostConfig hostConfig,
    Map<String, EndpointSettings> endpoints,
    List<MountPoint> mounts,
    ContainerState state,
    int restartCount,
    boolean manuallyStopped) {
  public ContainerRecord {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(created, "created");
    Objects.requireNonNull(imageId, "imageId");
    Objects.requireNonNull(config, "config");
    Objects.requireNonNull(hostConfig, "hostConfig");
    Objects.requireNonNull(state, "state");
    endpoints = new LinkedHashMap<>(endpoints);
    mounts = List.copyOf(mounts);
  }

  public ContainerRecord withName(String newName) {
    return new ContainerRecord(
        id,
        newName,
        created,
        imageId,
        config,
        hostConfig,
        endpoints,
        mounts,
        state,
        restartCount,
        manuallyStopped);
  }

  public ContainerRecord withState(ContainerState newState) {
    return new ContainerRecord(
        id,
        name,
        created,
        imageId,
        config,
        hostConfig,
        endpoints,
        mounts,
        newState,
        restartCount,
        manuallyStopped);
  }

  public ContainerRecord withEndpoints(Map<String, EndpointSettings> newEndpoints) {
    return new ContainerRecord(
        id,
        name,
        created,
        imageId,
        config,
        hostConfig,
        newEndpoints,
        mounts,
        state,
        restartCount,
        manuallyStopped);
  }

  public ContainerRecord withHostConfig(HostConfig newConfig) {
    return new ContainerRecord(
        id,
        name,
        created,
        imageId,
        config,
        newConfig,
        endpoints,
        mounts,
        state,
        restartCount,
        manuallyStopped);
  }

  public ContainerRecord withRestartCount(int count) {
    return new ContainerRecord(
        id,
        name,
        created,
        imageId,
        config,
        hostConfig,
        endpoints,
        mounts,
        state,
        count,
        manuallyStopped);
  }

  public ContainerRecord withManuallyStopped(boolean stopped) {
    return new ContainerRecord(
        id,
        name,
        created,
        imageId,
        config,
        hostConfig,
        endpoints,
        mounts,
        state,
        restartCount,
        stopped);
  }

  /** The same with the mounts' sources looked up for one start. */
  public ContainerRecord withMounts(List<MountPoint> newMounts) {
    return new ContainerRecord(
        id,
        name,
        created,
        imageId,
        config,
        hostConfig,
        endpoints,
        newMounts,
        state,
        restartCount,
        manuallyStopped);
  }

  /** The first twelve digits, as people see them. */
  public static String shortId(String id) {
    return id.substring(0, Math.min(12, id.length()));
  }
}
