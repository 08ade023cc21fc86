package io.slipway.engine.container;

import io.slipway.engine.model.Config;
import io.slipway.engine.model.HealthConfig;
import io.slipway.engine.state.Health;
import io.slipway.image.error.SlipwayException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What to run to see whether a container is well, and when.
 *
 * @param startInterval between checks while it is starting within {@code startPeriod}
 */
record HealthPlan(
    List<String> command,
    Duration interval,
    Duration timeout,
    Duration startPeriod,
    Duration startInterval,
    int retries) {
  private static final Duration INTERVAL = Duration.ofSeconds(30);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration START_INTERVAL = Duration.ofSeconds(5);
  private static final int RETRIES = 3;
  private static final long LEAST_NANOS = 1_000_000;
  private static final List<String> SHELL = List.of("/bin/sh", "-c");

  /** Empty when the container is not checked. */
  static Optional<HealthPlan> of(Config config) {
    HealthConfig check = config.healthcheck();
    if (check == null || check.test().isEmpty() || check.test().getFirst().equals("NONE")) {
      return Optional.empty();
    }
    List<String> command = new ArrayList<>();
    if (check.test().getFirst().equals("CMD-SHELL")) {
      command.addAll(config.shell().isEmpty() ? SHELL : config.shell());
    }
    command.addAll(check.test().subList(1, check.test().size()));
    return Optional.of(
        new HealthPlan(
            command,
            orElse(check.interval(), INTERVAL),
            orElse(check.timeout(), TIMEOUT),
            Duration.ofNanos(check.startPeriod()),
            orElse(check.startInterval(), START_INTERVAL),
            check.retries() == 0 ? RETRIES : check.retries()));
  }

  private static Duration orElse(long nanos, Duration otherwise) {
    return nanos == 0 ? otherwise : Duration.ofNanos(nanos);
  }

  /** Refuses what makes no sense, in Docker's words. */
  static void check(HealthConfig check) {
    if (check == null) {
      return;
    }
    checkTime("Interval", check.interval());
    checkTime("Timeout", check.timeout());
    if (check.retries() < 0) {
      throw SlipwayException.invalid("Retries in Healthcheck cannot be negative");
    }
    checkTime("StartPeriod", check.startPeriod());
    checkTime("StartInterval", check.startInterval());
    if (!check.test().isEmpty()) {
      checkTest(check.test());
    }
  }

  private static void checkTime(String name, long nanos) {
    if (nanos != 0 && nanos < LEAST_NANOS) {
      throw SlipwayException.invalid(name + " in Healthcheck cannot be less than 1ms");
    }
  }

  private static void checkTest(List<String> test) {
    String kind = test.getFirst();
    switch (kind) {
      case "NONE" -> {}
      case "CMD", "CMD-SHELL" -> {
        if (test.size() < 2) {
          throw SlipwayException.invalid("Test in Healthcheck names no command after " + kind);
        }
      }
      default ->
          throw SlipwayException.invalid(
              "unknown type '" + kind + "' of Healthcheck: use CMD, CMD-SHELL or NONE");
    }
  }

  /**
   * How long to wait before the next check.
   *
   * @param running for how long it has been running
   */
  Duration pause(Health.Status status, Duration running) {
    boolean starting = status == Health.Status.STARTING && running.compareTo(startPeriod) < 0;
    return starting ? startInterval : interval;
  }

  /**
   * What is known after a check.
   *
   * @param startedAt the beginning of the run
   */
  Health after(Health before, Instant startedAt, Health.Result result) {
    if (result.exitCode() == 0) {
      return before.succeeded(result);
    }
    Duration age = Duration.between(startedAt, result.start());
    boolean excused = before.status() == Health.Status.STARTING && age.compareTo(startPeriod) < 0;
    return excused ? before.excused(result) : before.failed(result, retries);
  }
}
