package io.slipway.engine.container;

import io.slipway.engine.model.ContainerStatus;
import io.slipway.engine.state.ContainerRecord;
import io.slipway.engine.state.ContainerState;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.container.RunningContainer;
import io.slipway.runtime.network.NetworkAttachment;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * A container the daemon knows: its record, its streams, and what runs.
 *
 * <p>{@link #lifecycle} orders start, the handling of the end, and removal. Waiting for a state is
 * done on {@link #await}, without that lock.
 */
final class Container {
  /** What exists while it runs. */
  record Run(RunningContainer process, NetworkAttachment network, java.time.Instant startedAt) {}

  private final ReentrantLock lifecycle = new ReentrantLock();
  private final ReentrantLock state = new ReentrantLock();
  private final Condition changed = state.newCondition();
  private final ContainerStreams streams;
  private final ContainerLog log;
  private ContainerRecord record;
  private Run run;
  private int exits;
  private boolean removed;
  private final Restarts restarts = new Restarts();

  Container(ContainerRecord record, ContainerLog log, ContainerStreams streams) {
    this.record = record;
    this.log = log;
    this.streams = streams;
  }

  String id() {
    return record().id();
  }

  ReentrantLock lifecycle() {
    return lifecycle;
  }

  Restarts restarts() {
    return restarts;
  }

  ContainerStreams streams() {
    return streams;
  }

  ContainerLog log() {
    return log;
  }

  ContainerRecord record() {
    state.lock();
    try {
      return record;
    } finally {
      state.unlock();
    }
  }

  ContainerState state() {
    return record().state();
  }

  /** Replaces the record and wakes whoever waits for a change. */
  ContainerRecord update(UnaryOperator<ContainerRecord> change) {
    state.lock();
    try {
      record = change.apply(record);
      changed.signalAll();
      return record;
    } finally {
      state.unlock();
    }
  }

  void setRun(Run newRun) {
    state.lock();
    try {
      run = newRun;
    } finally {
      state.unlock();
    }
  }

  Optional<Run> run() {
    state.lock();
    try {
      return Optional.ofNullable(run);
    } finally {
      state.unlock();
    }
  }

  /** The running process, or Docker's error that there is none. */
  RunningContainer requireRunning() {
    return run()
        .map(Run::process)
        .orElseThrow(() ->
            new SlipwayException(ErrorKind.CONFLICT, "container " + id() + " is not running"));
  }

  /** Refuses what needs a process while there is none for a moment. */
  void requireNotRestarting() {
    if (state().status() == ContainerStatus.RESTARTING) {
      throw new SlipwayException(
          ErrorKind.CONFLICT,
          "Container " + id() + " is restarting, wait until the container is running");
    }
  }

  boolean isRun(Run wanted) {
    state.lock();
    try {
      return run == wanted;
    } finally {
      state.unlock();
    }
  }

  /** As {@link #update} while that run lasts; empty when it is over. */
  Optional<ContainerRecord> updateRun(Run wanted, UnaryOperator<ContainerRecord> change) {
    state.lock();
    try {
      return run == wanted ? Optional.of(update(change)) : Optional.empty();
    } finally {
      state.unlock();
    }
  }

  /** The run is over and everything of it is gone; the number of this end. */
  int exited(UnaryOperator<ContainerRecord> change) {
    state.lock();
    try {
      run = null;
      record = change.apply(record);
      exits++;
      changed.signalAll();
      return exits;
    } finally {
      state.unlock();
    }
  }

  void setRemoved() {
    state.lock();
    try {
      removed = true;
      record = record.withState(record.state().with(ContainerStatus.REMOVING));
      changed.signalAll();
    } finally {
      state.unlock();
    }
  }

  int exits() {
    state.lock();
    try {
      return exits;
    } finally {
      state.unlock();
    }
  }

  boolean isRemoved() {
    state.lock();
    try {
      return removed;
    } finally {
      state.unlock();
    }
  }

  /** Waits until {@code done} holds; it is asked again at every change of the container. */
  void await(BooleanSupplier done) throws InterruptedException {
    state.lock();
    try {
      while (!done.getAsBoolean()) {
        changed.await();
      }
    } finally {
      state.unlock();
    }
  }

  /** As {@link #await} with a limit; false when it passed. */
  boolean await(BooleanSupplier done, long limitNanos) throws InterruptedException {
    long left = limitNanos;
    state.lock();
    try {
      while (!done.getAsBoolean()) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } finally {
      state.unlock();
    }
  }

  /** Lets waiting threads look again, for example because their client is gone. */
  void wake() {
    state.lock();
    try {
      changed.signalAll();
    } finally {
      state.unlock();
    }
  }
}
