package io.slipway.engine.container;

import io.slipway.engine.model.ContainerStatus;
import io.slipway.engine.state.ContainerRecord;
import io.slipway.engine.state.ContainerState;
import io.slipway.engine.state.Health;
import io.slipway.engine.state.RunningRecord;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.container.ExitStatus;
import io.slipway.runtime.container.RunningContainer;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** From start to end: start, restart, and what happens when a process ends. */
final class Lifecycle {
  private static final System.Logger LOG = System.getLogger("io.slipway.engine.container");

  private final ContainerStarter starter;
  private final ContainerStore store;
  private final ContainerEvents events;
  private final ContainerStops stops;
  private final HealthMonitor health;
  private final Clock clock;
  private final Consumer<Container> autoRemove;
  private volatile boolean closing;
  private volatile boolean leaving;

  /**
   * @param autoRemove removes a container that was made with {@code --rm}
   */
  Lifecycle(
      ContainerStarter starter,
      ContainerStore store,
      ContainerEvents events,
      ContainerStops stops,
      HealthMonitor health,
      Clock clock,
      Consumer<Container> autoRemove) {
    this.starter = starter;
    this.store = store;
    this.events = events;
    this.stops = stops;
    this.health = health;
    this.clock = clock;
    this.autoRemove = autoRemove;
  }

  /** Starts it; false when it runs already. */
  boolean start(Container container) throws IOException {
    container.lifecycle().lock();
    try {
      if (container.isRemoved()) {
        throw SlipwayException.notFound("No such container: " + container.id());
      }
      if (container.state().status() == ContainerStatus.PAUSED) {
        throw new SlipwayException(
            ErrorKind.CONFLICT, "cannot start a paused container, try unpause instead");
      }
      if (container.state().isRunning()) {
        return false;
      }
      container.restarts().reset();
      container.update(r -> r.withManuallyStopped(false).withRestartCount(0));
      startHoldingLock(container);
      return true;
    } finally {
      container.lifecycle().unlock();
    }
  }

  /** Starts it by its policy when the daemon starts; one that runs or is gone stays as it is. */
  void revive(Container container) throws IOException {
    container.lifecycle().lock();
    try {
      if (!closing && !container.isRemoved() && !container.state().isRunning()) {
        container.restarts().reset();
        container.update(r -> r.withManuallyStopped(false).withRestartCount(0));
        startHoldingLock(container);
      }
    } finally {
      container.lifecycle().unlock();
    }
  }

  /**
   * Goes on with what an earlier daemon started, also if it has ended meanwhile; false if nothing
   * of it is left.
   */
  boolean adopt(Container container, RunningRecord running) throws IOException {
    container.lifecycle().lock();
    try {
      container.update(r -> r.withState(running.state()).withEndpoints(running.endpoints()));
      Optional<Container.Run> run = starter.adopt(container, running);
      if (run.isEmpty()) {
        return false;
      }
      RunningContainer process = run.get().process();
      if (running.state().status() == ContainerStatus.PAUSED && process.signal(0)) {
        process.setPaused(true);
      }
      begin(container, run.get());
      return true;
    } finally {
      container.lifecycle().unlock();
    }
  }

  /** It runs: from now on its streams, its health and its end are looked after. */
  private void begin(Container container, Container.Run run) {
    container.setRun(run);
    container.streams().started(run.process());
    health.watch(container, run);
    Thread.ofVirtual().name("run " + container.id()).start(() -> supervise(container, run));
  }

  private void startHoldingLock(Container container) throws IOException {
    Container.Run run;
    try {
      run = starter.start(container);
    } catch (ContainerStarter.StartFailedException e) {
      failed(container, e);
      throw e;
    }
    container.setRun(run);
    ContainerRecord record = container.update(r -> r.withState(running(r, run)));
    store.markRunning(record, run);
    if (Restarts.hasPolicy(record)) {
      // so that also after a power cut it is known that nobody had stopped it
      store.save(record);
    }
    events.publish("start", record);
    begin(container, run);
  }

  private static ContainerState running(ContainerRecord record, Container.Run run) {
    ContainerState state = record.state().running(run.process().pid(), run.startedAt());
    if (HealthPlan.of(record.config()).isEmpty()) {
      return state;
    }
    return state.withHealth(state.health() == null ? Health.NEW : state.health().starting());
  }

  private void failed(Container container, ContainerStarter.StartFailedException e)
      throws IOException {
    container.streams().ended();
    ContainerState state = container.state().failed(e.exitCode(), e.getMessage());
    container.exited(r -> r.withState(state));
    if (container.record().hostConfig().autoRemove()) {
      autoRemove.accept(container);
    } else {
      store.save(container.record());
    }
  }

  /** Waits for the end, then takes everything down in Docker's order. */
  private void supervise(Container container, Container.Run run) {
    try {
      ExitStatus status = run.process().waitFor();
      Optional<Restart> restart;
      container.lifecycle().lock();
      try {
        restart = ended(container, run, status);
      } finally {
        container.lifecycle().unlock();
      }
      if (restart.isPresent()) {
        restart(container, restart.get());
      } else if (container.record().hostConfig().autoRemove()) {
        autoRemove.accept(container);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      // who leaves its containers to the next daemon does not see their end
      System.Logger.Level level = leaving ? System.Logger.Level.DEBUG : System.Logger.Level.ERROR;
      LOG.log(level, "end of container " + container.id(), e);
    }
  }

  /**
   * A start to come by the container's policy.
   *
   * @param exits the number of the end that asks for it
   */
  private record Restart(int exits, Duration delay) {}

  private Optional<Restart> ended(Container container, Container.Run run, ExitStatus status)
      throws IOException {
    Instant now = clock.instant();
    try {
      container.streams().ended();
      starter.release(container, run);
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "cleaning up container " + container.id(), e);
    }
    if (status.oomKilled()) {
      events.publish("oom", container.record());
    }
    Duration ran = Duration.between(run.startedAt(), now);
    boolean again = !closing && Restarts.wanted(container.record(), status.code());
    ContainerRecord record = after(container.record(), status, again, now);
    if (!record.hostConfig().autoRemove()) {
      store.save(record);
    }
    store.unmarkRunning(container.id());
    events.publish(
        "die",
        record,
        Map.of(
            "execDuration",
            Long.toString(ran.toSeconds()),
            "exitCode",
            Integer.toString(status.code())));
    int exits = container.exited(r -> record);
    return again
        ? Optional.of(new Restart(exits, container.restarts().next(ran)))
        : Optional.empty();
  }

  private static ContainerRecord after(
      ContainerRecord record, ExitStatus status, boolean again, Instant now) {
    ContainerState state = record.state();
    return again
        ? record
            .withState(state.restarting(status.code(), status.oomKilled(), now))
            .withRestartCount(record.restartCount() + 1)
        : record.withState(state.exited(status.code(), status.oomKilled(), now));
  }

  /** Waits and starts it again, unless it was stopped, started or removed meanwhile. */
  private void restart(Container container, Restart restart)
      throws IOException, InterruptedException {
    container.await(() -> !isDue(container, restart), restart.delay().toNanos());
    container.lifecycle().lock();
    try {
      if (isDue(container, restart)) {
        startHoldingLock(container);
      }
    } finally {
      container.lifecycle().unlock();
    }
  }

  private boolean isDue(Container container, Restart restart) {
    return !closing
        && container.exits() == restart.exits()
        && container.state().status() == ContainerStatus.RESTARTING;
  }

  /** From now on nothing is restarted, and what runs is the next daemon's. */
  void beginLeaving() {
    leaving = true;
    closing = true;
  }

  /** From now on nothing is restarted. */
  void beginClosing() {
    closing = true;
  }

  void restart(Container container, OptionalInt seconds, Optional<String> signal)
      throws IOException, InterruptedException {
    stops.stop(container, seconds, signal);
    start(container);
    events.publish("restart", container.record());
  }
}
