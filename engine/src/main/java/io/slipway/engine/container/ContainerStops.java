package io.slipway.engine.container;

import io.slipway.engine.model.ContainerStatus;
import io.slipway.engine.state.ContainerRecord;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.container.RunningContainer;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** Ends containers and sends them signals; who is to stop is started by no policy any more. */
final class ContainerStops {
  private static final int DEFAULT_STOP_SECONDS = 10;

  /** How long a SIGKILL may take before the caller is told; the process stays being waited for. */
  private static final Duration KILL_PATIENCE = Duration.ofSeconds(10);

  private final ContainerStore store;
  private final ContainerEvents events;
  private final ContainerPauses pauses;

  ContainerStops(ContainerStore store, ContainerEvents events, ContainerPauses pauses) {
    this.store = store;
    this.events = events;
    this.pauses = pauses;
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

  private boolean stopProcess(Container container, OptionalInt seconds, Optional<String> signal)
      throws IOException, InterruptedException {
    Optional<Container.Run> run = container.run();
    if (run.isEmpty()) {
      return false;
    }
    ContainerRecord record = container.record();
    int number = signal.map(Signals::parse).orElseGet(() -> stopSignal(record));
    int exits = container.exits();
    pauses.thaw(container, run.get().process());
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
    pauses.thaw(container, process);
    if (!ended(container, exits, KILL_PATIENCE.toNanos())) {
      throw new SlipwayException(
          ErrorKind.INTERNAL,
          "container " + container.id() + " was sent SIGKILL and has not ended yet");
    }
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
}
