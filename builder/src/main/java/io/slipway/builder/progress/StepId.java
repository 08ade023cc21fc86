package io.slipway.builder.progress;

import java.util.Objects;

/** Names a step within one build: a vertex's digest, or a word for internal work. */
public record StepId(String value) {

  public StepId {
    Objects.requireNonNull(value, "value");
    if (value.isEmpty()) {
      throw new IllegalArgumentException("empty step id");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
