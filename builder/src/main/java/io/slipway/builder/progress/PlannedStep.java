package io.slipway.builder.progress;

import java.util.Objects;
import java.util.Optional;

/**
 * An instruction that the build will carry out.
 *
 * @param number from 1, over all stages that are built
 * @param instruction as written, without heredoc bodies
 * @param work the step that carries it out; empty if it only changes the image's config
 */
public record PlannedStep(int number, String instruction, Optional<StepId> work) {

  public PlannedStep {
    Objects.requireNonNull(instruction, "instruction");
    Objects.requireNonNull(work, "work");
    if (number < 1) {
      throw new IllegalArgumentException("steps count from 1");
    }
  }
}
