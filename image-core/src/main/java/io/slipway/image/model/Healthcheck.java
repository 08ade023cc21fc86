package io.slipway.image.model;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * How to ask a container whether it is well. {@code test} is empty (inherit), {@code [NONE]},
 * {@code [CMD, args...]} or {@code [CMD-SHELL, command]}. A zero duration or count means the
 * engine's default.
 */
public record Healthcheck(
    List<String> test,
    Duration interval,
    Duration timeout,
    Duration startPeriod,
    Duration startInterval,
    int retries) {

  public Healthcheck {
    test = List.copyOf(test);
    Objects.requireNonNull(interval, "interval");
    Objects.requireNonNull(timeout, "timeout");
    Objects.requireNonNull(startPeriod, "startPeriod");
    Objects.requireNonNull(startInterval, "startInterval");
  }
}
