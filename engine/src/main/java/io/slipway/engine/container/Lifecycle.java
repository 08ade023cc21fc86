package io.slipway.engine.container;

import io.slipway.engine.http.Cancellation;
import io.slipway.engine.model.ContainerStatus;
import io.slipway.engine.state.ContainerRecord;
import io.slipway.engine.state.ContainerState;
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
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** From start to end: start, stop, kill, pause, restart, and what happens when a process ends. */
final class Lifecycle {
  private static final System.Logger LOG = System.getLogger("io.slipway.engine.container");
  private static final int DEFAULT_STOP_SECONDS = 10;

  /** How long a SIGKILL may take before the caller is told; the process stays being waited for. */
  private static final Duration KILL_PATIENCE = Duration.ofSeconds(10);

  private final ContainerStarter starter;
  private final ContainerStore store;
  private final ContainerEvents events;
  private final Clock clock;
  private final Consumer<Container> autoRemove;

  /**
   * @param autoRemove removes a container that was made with {@code --rm}
   */
  Lifecycle(
      ContainerStarter starter,
      ContainerStore store,
      ContainerEvents events,
      Clock clock,
      Consumer<Container> autoRemove) {
    this.starter = starter;
    this.store = store;
    this.events = events;
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
        throw SlipwayException.invalid("cannot start a paused container, try unpause instead");
      }
      if (container.state().isRunning()) {
        return false;
      }
      startHoldingLock(container);
      return true;
    } finally {
      container.lifecycle().unlock();
    }
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
    ContainerRecord record =
        container.update(r -> r.withState(r.state().running(run.process().pid(), run.startedAt())));
    store.markRunning(record);
    events.publish("start", record);
    container.streams().started(run.process());
    Thread.ofVirtual().name("run " + container.id()).start(() -> supervise(container, run));
  }

  private void failed(Container container, ContainerStarter.StartFailedException e)
      throws IOException {
    container.streams().ended();
    ContainerState state = container.state().failed(e.exitCode(), e.getMessage());
    container.exited(state);
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
      container.lifecycle().lock();
      try {
        ended(container, run, status);
      } finally {
        container.lifecycle().unlock();
      }
      if (container.record().hostConfig().autoRemove()) {
        autoRemove.accept(container);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "end of container " + container.id(), e);
    }
  }

  private void ended(Container container, Container.Run run, ExitStatus status) throws IOException {
    Instant now = clock.instant();
    try {
      container.streams().ended();
      starter.release(container.record(), run);
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "cleaning up container " + container.id(), e);
    }
    if (status.oomKilled()) {
      events.publish("oom", container.record());
    }
    ContainerState state = container.state().exited(status.code(), status.oomKilled(), now);
    ContainerRecord record = container.record().withState(state);
    if (!record.hostConfig().autoRemove()) {
      store.save(record);
    }
    store.unmarkRunning(container.id());
    long seconds = Duration.between(run.startedAt(), now).toSeconds();
    events.publish(
        "die",
        record,
        Map.of(
            "execDuration", Long.toString(seconds), "exitCode", Integer.toString(status.code())));
    container.exited(state);
  }

  /** Stops it; false when it does not run. Negative seconds mean without limit. */
  boolean stop(Container container, OptionalInt seconds, Optional<String> signal)
      throws IOException, InterruptedException {
    Optional<Container.Run> run = container.run();
    if (run.isEmpty()) {
      return false;
    }
    ContainerRecord record = container.record();
    String name = signal.orElse(record.config().stopSignal());
    int number = name.isEmpty() ? Signals.TERM : Signals.parse(name);
    int exits = container.exits();
    container.requestStop();
    thaw(container, run.get().process());
    send(container, run.get().process(), number);
    int limit = seconds.orElseGet(() -> stopTimeout(record));
    if (!ended(container, exits, limit < 0 ? Long.MAX_VALUE : TimeUnit.SECONDS.toNanos(limit))) {
      killNow(container, run.get().process(), exits);
    }
    events.publish("stop", container.record());
    return true;
  }

  private static int stopTimeout(ContainerRecord record) {
    Integer own = record.config().stopTimeout();
    return own == null ? DEFAULT_STOP_SECONDS : own;
  }

  private static boolean ended(Container container, int exits, long nanos)
      throws InterruptedException {
    return container.await(() -> container.exits() != exits, nanos);
  }

  /** Sends a signal; SIGKILL is waited for. */
  void kill(Container container, Optional<String> signal) throws IOException, InterruptedException {
    int number = signal.filter(s -> !s.isEmpty()).map(Signals::parse).orElse(Signals.KILL);
    Optional<Container.Run> run = container.run();
    if (run.isEmpty()) {
      throw new SlipwayException(
          ErrorKind.CONFLICT, "container " + container.id() + " is not running");
    }
    int exits = container.exits();
    if (number == Signals.KILL) {
      container.requestStop();
      killNow(container, run.get().process(), exits);
    } else {
      send(container, run.get().process(), number);
    }
  }

  private void send(Container container, RunningContainer process, int signal) throws IOException {
    events.publish("kill", container.record(), Map.of("signal", Integer.toString(signal)));
    process.signal(signal);
  }

  private void killNow(Container container, RunningContainer process, int exits)
      throws IOException, InterruptedException {
    events.publish("kill", container.record(), Map.of("signal", Integer.toString(Signals.KILL)));
    process.killAll();
    thaw(container, process);
    if (!ended(container, exits, KILL_PATIENCE.toNanos())) {
      throw new SlipwayException(
          ErrorKind.INTERNAL,
          "container " + container.id() + " was sent SIGKILL and has not ended yet");
    }
  }

  /** A frozen process gets no signal. */
  private void thaw(Container container, RunningContainer process) throws IOException {
    if (container.state().status() == ContainerStatus.PAUSED) {
      process.setPaused(false);
      container.update(r -> r.withState(r.state().with(ContainerStatus.RUNNING)));
    }
  }

  void restart(Container container, OptionalInt seconds, Optional<String> signal)
      throws IOException, InterruptedException {
    stop(container, seconds, signal);
    start(container);
    events.publish("restart", container.record());
  }

  void pause(Container container) throws IOException {
    RunningContainer process = container.requireRunning();
    if (container.state().status() == ContainerStatus.PAUSED) {
      throw new SlipwayException(
          ErrorKind.CONFLICT, "Container " + container.id() + " is already paused");
    }
    process.setPaused(true);
    events.publish(
        "pause", container.update(r -> r.withState(r.state().with(ContainerStatus.PAUSED))));
  }

  void unpause(Container container) throws IOException {
    if (container.state().status() != ContainerStatus.PAUSED) {
      throw new SlipwayException(
          ErrorKind.INTERNAL, "Container " + container.id() + " is not paused");
    }
    container.requireRunning().setPaused(false);
    events.publish(
        "unpause", container.update(r -> r.withState(r.state().with(ContainerStatus.RUNNING))));
  }

  /** What {@code wait} waits for. */
  enum WaitCondition {
    NOT_RUNNING,
    NEXT_EXIT,
    REMOVED;

    static WaitCondition parse(String text) {
      return switch (text) {
        case "", "not-running" -> NOT_RUNNING;
        case "next-exit" -> NEXT_EXIT;
        case "removed" -> REMOVED;
        default -> throw SlipwayException.invalid("invalid condition: \"" + text + "\"");
      };
    }
  }

  /** Waits; empty when the client went away first. */
  Optional<ContainerState> await(
      Container container, WaitCondition condition, int exitsBefore, Cancellation cancellation)
      throws InterruptedException {
    cancellation.onCancel(container::wake);
    container.await(() ->
        cancellation.isCancelled()
            || switch (condition) {
              case NOT_RUNNING -> container.isRemoved() || !container.state().isRunning();
              case NEXT_EXIT -> container.isRemoved() || container.exits() != exitsBefore;
              case REMOVED -> container.isRemoved();
            });
    return cancellation.isCancelled() ? Optional.empty() : Optional.of(container.state());
  }
}
