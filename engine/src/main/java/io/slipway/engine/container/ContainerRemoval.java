package io.slipway.engine.container;

import io.slipway.engine.model.ContainerStatus;
import io.slipway.engine.model.MountPoint;
import io.slipway.engine.state.ContainerRecord;
import io.slipway.engine.volume.VolumeService;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Removes containers, with their anonymous volumes when asked. */
final class ContainerRemoval {
  private static final System.Logger LOG = System.getLogger("io.slipway.engine.container");

  private final ContainerIndex index;
  private final ContainerStore store;
  private final ContainerRootfs rootfs;
  private final VolumeService volumes;
  private final ContainerEvents events;

  ContainerRemoval(
      ContainerIndex index,
      ContainerStore store,
      ContainerRootfs rootfs,
      VolumeService volumes,
      ContainerEvents events) {
    this.index = index;
    this.store = store;
    this.rootfs = rootfs;
    this.volumes = volumes;
    this.events = events;
  }

  /** Removes it; a running one only with {@code force}. */
  void remove(Container container, boolean force, boolean withVolumes, ContainerStops stops)
      throws IOException, InterruptedException {
    ContainerRecord record = container.record();
    if (record.state().isRunning()) {
      if (!force) {
        throw running(record);
      }
      try {
        stops.kill(container, Optional.empty());
      } catch (SlipwayException e) {
        if (e.kind() != ErrorKind.CONFLICT) {
          throw e;
        }
        // it ended by itself meanwhile
      }
    }
    container.lifecycle().lock();
    try {
      if (container.state().isRunning()) {
        throw running(container.record());
      }
      removeHoldingLock(container, withVolumes);
    } finally {
      container.lifecycle().unlock();
    }
  }

  private static SlipwayException running(ContainerRecord record) {
    ContainerStatus status = record.state().status();
    return new SlipwayException(
        ErrorKind.CONFLICT,
        "cannot remove container \""
            + record.name()
            + "\": container is "
            + (status == ContainerStatus.PAUSED
                ? "paused and must be unpaused first"
                : status.label() + ": stop the container before removing or force remove"));
  }

  /** At the end of a {@code --rm} container; a failure is logged, nobody waits for it. */
  void autoRemove(Container container) {
    container.lifecycle().lock();
    try {
      removeHoldingLock(container, true);
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "removing container " + container.id(), e);
    } finally {
      container.lifecycle().unlock();
    }
  }

  private void removeHoldingLock(Container container, boolean withVolumes) throws IOException {
    if (container.isRemoved()) {
      return;
    }
    ContainerRecord record = container.record();
    rootfs.remove(record.id());
    for (MountPoint mount : record.mounts()) {
      if (mount.type().equals("image")) {
        rootfs.removeImageMount(record.id(), mount.destination());
      }
    }
    store.remove(record);
    index.remove(container);
    if (withVolumes) {
      removeAnonymous(record);
    }
    events.publish("destroy", record);
    container.setRemoved();
  }

  private void removeAnonymous(ContainerRecord record) throws IOException {
    for (MountPoint mount : record.mounts()) {
      boolean anonymous =
          mount.type().equals("volume")
              && volumes.find(mount.name()).map(v -> v.anonymous()).orElse(false);
      if (anonymous && usersOf(mount.name()).isEmpty()) {
        volumes.remove(mount.name(), this::usersOf);
      }
    }
  }

  private List<String> usersOf(String volume) {
    return index.all().stream()
        .map(Container::record)
        .filter(record -> record.mounts().stream().anyMatch(m -> m.name().equals(volume)))
        .map(ContainerRecord::id)
        .toList();
  }
}
