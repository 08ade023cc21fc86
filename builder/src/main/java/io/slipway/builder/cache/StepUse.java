package io.slipway.builder.cache;

import java.time.Instant;
import java.util.Objects;

/**
 * When a result was of use.
 *
 * @param name the step for people
 * @param used the last time
 * @param uses how often, its making included
 */
public record StepUse(String name, Instant used, int uses) {

  public StepUse {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(used, "used");
  }
}
