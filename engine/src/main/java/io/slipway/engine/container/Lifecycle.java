package io.slipway.engine.container;

import io.slipway.engine.http.Cancellation;
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
      HealthMonitor health,
      Clock clock,
      Consumer<Container> autoRemove) {
    this.starter = starter;
    this.store = store;
    this.events = events;
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

  /** Takes back a restart that has not happened yet; false when there is none. */
  private boolean cancelRestart(Container container) throws IOException {
    container.lifecycle().lock();
    try {
      if (container.state().status() != ContainerStatus.RESTARTING) {
        return false;
      }
      store.save(
          container.update(
              r -> r.withManuallyStopped(true).withState(r.state().with(ContainerStatus.EXITED))));
      return true;
    } finally {
      container.lifecycle().unlock();
    }
  }

  /** From now on no policy starts it. */
  private void requestStop(Container container) throws IOException {
    ContainerRecord record = container.update(r -> r.withManuallyStopped(true));
    if (Restarts.hasPolicy(record)) {
      store.save(record);
    }
  }

  /** Stops it; false when it does not run. Negative seconds mean without limit. */
  boolean stop(Container container, OptionalInt seconds, Optional<String> signal)
      throws IOException, InterruptedException {
    while (true) {
      // first what is between two runs: this waits for a start that is under way
      if (cancelRestart(container)) {
        break;
      }
      if (container.run().isEmpty()) {
        return false;
      }
      requestStop(container);
      if (stopProcess(container, seconds, signal)) {
        // it may have ended by itself just before
        cancelRestart(container);
        break;
      }
    }
    events.publish("stop", container.record());
    return true;
  }

  /** For the end of the daemon: policies count again at the next daemon's start. */
  void shutDown(Container container) throws IOException, InterruptedException {
    // a start under way shows its process only when it lets go of this
    container.lifecycle().lock();
    container.lifecycle().unlock();
    if (stopProcess(container, OptionalInt.empty(), Optional.empty())) {
      events.publish("stop", container.record());
    }
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

  private boolean stopProcess(Container container, OptionalInt seconds, Optional<String> signal)
      throws IOException, InterruptedException {
    Optional<Container.Run> run = container.run();
    if (run.isEmpty()) {
      return false;
    }
    ContainerRecord record = container.record();
    int number = signal.map(Signals::parse).orElseGet(() -> stopSignal(record));
    int exits = container.exits();
    thaw(container, run.get().process());
    send(container, run.get().process(), number);
    int limit = seconds.orElseGet(() -> stopTimeout(record));
    if (!ended(container, exits, limit < 0 ? Long.MAX_VALUE : TimeUnit.SECONDS.toNanos(limit))) {
      killNow(container, run.get().process(), exits);
    }
    return true;
  }

  private static int stopSignal(ContainerRecord record) {
    String name = record.config().stopSignal();
    return name.isEmpty() ? Signals.TERM : Signals.parse(name);
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
    boolean last = number == Signals.KILL || number == stopSignal(container.record());
    if (last && cancelRestart(container)) {
      return;
    }
    if (container.run().isEmpty() && container.state().isRunning()) {
      // between two runs nothing gets a signal
      return;
    }
    RunningContainer process = container.requireRunning();
    int exits = container.exits();
    if (last) {
      requestStop(container);
    }
    if (number == Signals.KILL) {
      killNow(container, process, exits);
    } else {
      send(container, process, number);
    }
    if (last) {
      cancelRestart(container);
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

  void restart(Container container, OptionalInt seconds, Optional<String> signal)
      throws IOException, InterruptedException {
    stop(container, seconds, signal);
    start(container);
    events.publish("restart", container.record());
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
              // an end counts, although a policy may be about to start it again
              case NOT_RUNNING ->
                  container.isRemoved()
                      || !container.state().isRunning()
                      || container.exits() != exitsBefore;
              case NEXT_EXIT -> container.isRemoved() || container.exits() != exitsBefore;
              case REMOVED -> container.isRemoved();
            });
    return cancellation.isCancelled() ? Optional.empty() : Optional.of(container.state());
  }
}
