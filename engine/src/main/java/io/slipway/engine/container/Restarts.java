package io.slipway.engine.container;

import io.slipway.engine.model.HostConfig;
import io.slipway.engine.state.ContainerRecord;
import io.slipway.engine.state.ContainerState;
import java.time.Duration;

/**
 * Whether a container that ended is started again, and how long to wait before. One per container:
 * the delay doubles from one end to the next.
 */
final class Restarts {
  private static final Duration FIRST_DELAY = Duration.ofMillis(100);
  private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);

  /** One that ran this long is taken for sound: the next delay is the first one again. */
  private static final Duration LONG_RUN = Duration.ofSeconds(10);

  private Duration delay = Duration.ZERO;

  static boolean hasPolicy(ContainerRecord record) {
    return !record.hostConfig().restartPolicy().name().equals("no");
  }

  /** At the end of a run. */
  static boolean wanted(ContainerRecord record, int exitCode) {
    return !record.manuallyStopped() && asksFor(record, exitCode);
  }

  /**
   * At the start of the daemon: "always" means also those that somebody had stopped, but none that
   * never ran.
   */
  static boolean revived(ContainerRecord record) {
    return !record.state().startedAt().equals(ContainerState.NEVER)
        && (record.hostConfig().restartPolicy().name().equals("always")
            || wanted(record, record.state().exitCode()));
  }

  private static boolean asksFor(ContainerRecord record, int exitCode) {
    HostConfig.RestartPolicy policy = record.hostConfig().restartPolicy();
    return switch (policy.name()) {
      case "always", "unless-stopped" -> true;
      case "on-failure" ->
          exitCode != 0
              && (policy.maximumRetryCount() == 0
                  || record.restartCount() < policy.maximumRetryCount());
      default -> false;
    };
  }

  /**
   * How long to wait now.
   *
   * @param ran how long the run was that has just ended
   */
  synchronized Duration next(Duration ran) {
    boolean first = delay.isZero() || ran.compareTo(LONG_RUN) >= 0;
    Duration doubled = delay.multipliedBy(2);
    delay = first ? FIRST_DELAY : doubled.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : doubled;
    return delay;
  }

  /** Somebody started it. */
  synchronized void reset() {
    delay = Duration.ZERO;
  }
}
