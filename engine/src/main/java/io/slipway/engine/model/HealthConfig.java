package io.slipway.engine.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/** How to ask a container whether it is well; durations in nanoseconds, 0 for the default. */
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
public record HealthConfig(
    List<String> test,
    long interval,
    long timeout,
    long startPeriod,
    long startInterval,
    int retries) {
  public HealthConfig {
    test = Absent.list(test);
  }
}
