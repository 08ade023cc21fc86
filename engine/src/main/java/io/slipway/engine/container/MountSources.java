package io.slipway.engine.container;

import io.slipway.engine.model.MountPoint;
import io.slipway.engine.state.ContainerRecord;
import io.slipway.engine.volume.VolumeService;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.snapshot.MountedView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a starting container mounts, looked up: volumes are made ready, images are mounted, and a
 * path inside either is opened so that no link in it can lead out. Closed when the container has
 * started and holds its own mounts.
 */
final class MountSources implements AutoCloseable {
  private final ContainerRootfs rootfs;
  private final VolumeService volumes;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  MountSources(ContainerRootfs rootfs, VolumeService volumes) {
    this.rootfs = rootfs;
    this.volumes = volumes;
  }

  /** The record with sources that are valid until this is closed. */
  ContainerRecord resolve(ContainerRecord record) throws IOException {
    Map<String, PlannedMount.Source> planned = new HashMap<>();
    MountParser.plan(record.config(), record.hostConfig())
        .forEach(mount -> planned.put(mount.target(), mount.source()));
    List<MountPoint> resolved = new ArrayList<>();
    for (MountPoint point : record.mounts()) {
      PlannedMount.Source source = planned.get(point.destination());
      resolved.add(point.withSource(source(record.id(), point, source)));
    }
    return record.withMounts(resolved);
  }

  private String source(String containerId, MountPoint point, PlannedMount.Source source)
      throws IOException {
    if (source instanceof PlannedMount.Image image) {
      MountedView view = rootfs.imageMount(containerId, point.destination());
      open.push(view);
      return image.subpath().isEmpty()
          ? view.root().toString()
          : below(view.root(), image.subpath());
    }
    boolean part = source instanceof PlannedMount.Volume volume && !volume.subpath().isEmpty();
    return part
        ? below(volumes.data(point.name()), ((PlannedMount.Volume) source).subpath())
        : point.source();
  }

  private String below(Path root, String subpath) throws IOException {
    try (Fd directory = FileCalls.open(root, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, 0)) {
      Fd found =
          FileCalls.openAt2(directory, subpath, OpenFlags.O_PATH, 0, OpenFlags.RESOLVE_IN_ROOT);
      open.push(found);
      return found.path().toString();
    } catch (LinuxException e) {
      throw new SlipwayException(
          ErrorKind.INVALID,
          "cannot access path %s: %s".formatted(root.resolve(subpath), e.errno().sentence()),
          e);
    }
  }

  /** Makes the volumes with options ready; {@link #release} takes that back. */
  static void acquire(VolumeService volumes, ContainerRecord record) throws IOException {
    List<String> done = new ArrayList<>();
    try {
      for (MountPoint point : record.mounts()) {
        if (point.type().equals("volume")) {
          volumes.mount(point.name());
          done.add(point.name());
        }
      }
    } catch (RuntimeException e) {
      for (String name : done) {
        volumes.unmount(name);
      }
      throw e;
    }
  }

  static void release(VolumeService volumes, ContainerRecord record) throws IOException {
    for (MountPoint point : record.mounts()) {
      if (point.type().equals("volume")) {
        volumes.unmount(point.name());
      }
    }
  }

  @Override
  public void close() throws IOException {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (IOException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException(e);
      }
    }
  }
}
