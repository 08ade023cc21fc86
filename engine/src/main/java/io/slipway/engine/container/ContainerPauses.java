package io.slipway.engine.container;

import io.slipway.engine.model.ContainerStatus;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.container.RunningContainer;
import java.io.IOException;

/** Holds the processes of containers still, and lets them go on. */
final class ContainerPauses {
  private final ContainerStore store;
  private final ContainerEvents events;

  ContainerPauses(ContainerStore store, ContainerEvents events) {
    this.store = store;
    this.events = events;
  }

  void pause(Container container) throws IOException {
    container.lifecycle().lock();
    try {
      container.requireNotRestarting();
      RunningContainer process = container.requireRunning();
      if (container.state().status() == ContainerStatus.PAUSED) {
        throw new SlipwayException(
            ErrorKind.CONFLICT, "Container " + container.id() + " is already paused");
      }
      process.setPaused(true);
      events.publish(
          "pause", container.update(r -> r.withState(r.state().with(ContainerStatus.PAUSED))));
      store.markRunning(container);
    } finally {
      container.lifecycle().unlock();
    }
  }

  void unpause(Container container) throws IOException {
    container.lifecycle().lock();
    try {
      if (container.state().status() != ContainerStatus.PAUSED) {
        throw new SlipwayException(
            ErrorKind.INTERNAL, "Container " + container.id() + " is not paused");
      }
      container.requireRunning().setPaused(false);
      events.publish(
          "unpause", container.update(r -> r.withState(r.state().with(ContainerStatus.RUNNING))));
      store.markRunning(container);
    } finally {
      container.lifecycle().unlock();
    }
  }

  /** A frozen process gets no signal. */
  void thaw(Container container, RunningContainer process) throws IOException {
    if (container.state().status() != ContainerStatus.PAUSED) {
      return;
    }
    try {
      process.setPaused(false);
    } catch (IOException e) {
      if (process.exit().isDone()) {
        // SIGKILL reaches a frozen process on some kernels
        return;
      }
      throw e;
    }
    container.update(r ->
        r.state().status() == ContainerStatus.PAUSED
            ? r.withState(r.state().with(ContainerStatus.RUNNING))
            : r);
  }
}
