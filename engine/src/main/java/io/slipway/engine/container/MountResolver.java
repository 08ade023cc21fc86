package io.slipway.engine.container;

import io.slipway.engine.model.Config;
import io.slipway.engine.model.HostConfig;
import io.slipway.engine.model.MountPoint;
import io.slipway.engine.state.ContainerRecord;
import io.slipway.engine.volume.VolumeService;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** From the mounts a new container asks for to what they are on this machine. */
final class MountResolver {
  private final ContainerRootfs rootfs;
  private final VolumeService volumes;
  private final Function<String, List<MountPoint>> others;

  /**
   * @param others finds another container's mounts, or throws that there is none
   */
  MountResolver(
      ContainerRootfs rootfs, VolumeService volumes, Function<String, List<MountPoint>> others) {
    this.rootfs = rootfs;
    this.volumes = volumes;
    this.others = others;
  }

  /** Makes volumes and missing directories; what is asked for wins over what is inherited. */
  List<MountPoint> resolve(Config config, HostConfig host) throws IOException {
    Map<String, MountPoint> points =
        new LinkedHashMap<>(InheritedMounts.of(host.volumesFrom(), others));
    for (PlannedMount mount : MountParser.plan(config, host)) {
      switch (mount.source()) {
        case PlannedMount.HostPath path -> put(points, hostPath(mount, path));
        case PlannedMount.Volume volume -> {
          // The image's own volumes give way to those of another container.
          if (!volume.name().isEmpty() || !points.containsKey(mount.target())) {
            put(points, volume(mount, volume));
          }
        }
        case PlannedMount.Image image ->
            put(points, point("image", "", image.name(), mount, "", ""));
        case PlannedMount.Memory ignored -> {
          // Docker lists memory only when it was asked for by --mount
          if (!host.tmpfs().containsKey(mount.target())) {
            put(points, point("tmpfs", "", "", mount, "", ""));
          }
        }
      }
    }
    return new ArrayList<>(points.values());
  }

  private static void put(Map<String, MountPoint> points, MountPoint point) {
    points.put(point.destination(), point);
  }

  private static MountPoint point(
      String type,
      String name,
      String source,
      PlannedMount mount,
      String driver,
      String propagation) {
    return new MountPoint(
        type, name, source, mount.target(), driver, mount.mode(), !mount.readOnly(), propagation);
  }

  private MountPoint volume(PlannedMount mount, PlannedMount.Volume volume) throws IOException {
    String name = volumes.create(volume.name(), volume.labels(), volume.options()).name();
    return point("volume", name, volumes.data(name).toString(), mount, "local", "");
  }

  private static MountPoint hostPath(PlannedMount mount, PlannedMount.HostPath path)
      throws IOException {
    Path source = Path.of(path.path());
    if (!Files.exists(source)) {
      if (!path.create()) {
        throw SlipwayException.invalid(
            "invalid mount config for type \"bind\": bind source path does not exist: " + source);
      }
      Files.createDirectories(source);
    }
    String propagation = "r" + path.propagation().name().toLowerCase(Locale.ROOT);
    return point("bind", "", path.path(), mount, "", propagation);
  }

  /** Gives empty volumes what the image has there, and keeps the images that are mounted. */
  void prepare(ContainerRecord record) throws IOException {
    for (PlannedMount mount : MountParser.plan(record.config(), record.hostConfig())) {
      switch (mount.source()) {
        case PlannedMount.Volume volume -> {
          if (volume.copy()) {
            fill(record, mount.target());
          }
        }
        case PlannedMount.Image image ->
            rootfs.prepareImageMount(record.id(), mount.target(), image.name());
        case PlannedMount.HostPath ignored -> {}
        case PlannedMount.Memory ignored -> {}
      }
    }
  }

  private void fill(ContainerRecord record, String target) throws IOException {
    MountPoint point =
        record.mounts().stream()
            .filter(one -> one.destination().equals(target))
            .findFirst()
            .orElseThrow();
    if (!point.type().equals("volume")) {
      return;
    }
    volumes.mount(point.name());
    try {
      VolumeFill.fill(
          rootfs.snapshots(), rootfs.active(record.id()), target, volumes.data(point.name()));
    } finally {
      volumes.unmount(point.name());
    }
  }
}
