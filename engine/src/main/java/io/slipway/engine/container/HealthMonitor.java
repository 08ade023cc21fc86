package io.slipway.engine.container;

import io.slipway.engine.model.ContainerStatus;
import io.slipway.engine.state.ContainerRecord;
import io.slipway.engine.state.Health;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/** Checks the health of containers: one waiting virtual thread for each that wants it. */
final class HealthMonitor {
  private static final System.Logger LOG = System.getLogger("io.slipway.engine.container");
  private static final int NOT_RUN = -1;

  private final ExecService execs;
  private final ContainerStore store;
  private final ContainerEvents events;
  private final Clock clock;

  HealthMonitor(ExecService execs, ContainerStore store, ContainerEvents events, Clock clock) {
    this.execs = execs;
    this.store = store;
    this.events = events;
    this.clock = clock;
  }

  /** For a run that begins; does nothing for a container without checks. */
  void watch(Container container, Container.Run run) {
    Optional<HealthPlan> plan = HealthPlan.of(container.record().config());
    if (plan.isPresent()) {
      Thread.ofVirtual()
          .name("health " + container.id())
          .start(() -> watch(container, run, plan.get()));
    }
  }

  private void watch(Container container, Container.Run run, HealthPlan plan) {
    try {
      Duration pause = plan.pause(Health.Status.STARTING, Duration.ZERO);
      while (!container.await(() -> !container.isRun(run), pause.toNanos())) {
        if (container.state().status() == ContainerStatus.PAUSED) {
          container.await(
              () -> !container.isRun(run) || container.state().status() != ContainerStatus.PAUSED);
          continue;
        }
        Health.Result result = check(container, plan);
        if (result.exitCode() != 0 && isEnding(container, run)) {
          // the end of the container, not its health, ended the check
          return;
        }
        Health health = plan.after(container.state().health(), run.startedAt(), result);
        tell(container, run, health);
        Duration age = Duration.between(run.startedAt(), clock.instant());
        pause = plan.pause(health.status(), age);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isEnding(Container container, Container.Run run) {
    return container.record().manuallyStopped() || run.process().exit().isDone();
  }

  private void tell(Container container, Container.Run run, Health health) {
    Health.Status before = container.state().health().status();
    Optional<ContainerRecord> record =
        container.updateRun(run, r -> r.withState(r.state().withHealth(health)));
    if (record.isPresent() && health.status() != before) {
      remember(container, record.get(), run);
      events.publish("health_status: " + health.status().label(), record.get());
    }
  }

  /** For the next daemon, which would begin anew without it. */
  private void remember(Container container, ContainerRecord record, Container.Run run) {
    try {
      store.markRunning(record, run);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "health of container " + container.id() + ": " + e);
    }
  }

  private Health.Result check(Container container, HealthPlan plan) throws InterruptedException {
    Instant start = clock.instant();
    HealthOutput output = new HealthOutput();
    try {
      OptionalInt code = execs.runToEnd(container, plan.command(), output, plan.timeout());
      if (code.isPresent()) {
        return new Health.Result(start, clock.instant(), code.getAsInt(), output.text());
      }
      String late = "Health check exceeded timeout (" + GoDuration.of(plan.timeout()) + ")";
      String said = output.text();
      return new Health.Result(
          start, clock.instant(), NOT_RUN, said.isEmpty() ? late : late + ": " + said);
    } catch (IOException | SlipwayException e) {
      return new Health.Result(start, clock.instant(), NOT_RUN, e.getMessage());
    }
  }
}
