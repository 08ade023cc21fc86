package io.slipway.builder.progress;

import io.slipway.image.model.Digest;
import java.util.Objects;
import java.util.Optional;

/**
 * An instruction that the build will carry out.
 *
 * @param number from 1, over all stages that are built
 * @param instruction as written, without heredoc bodies
 * @param work the step that carries it out; empty if it only changes the image's config
 * @param base id of the image that a FROM starts with; empty for everything else
 */
public record PlannedStep(
    int number, String instruction, Optional<StepId> work, Optional<Digest> base) {

  public PlannedStep {
    Objects.requireNonNull(instruction, "instruction");
    Objects.requireNonNull(work, "work");
    Objects.requireNonNull(base, "base");
    if (number < 1) {
      throw new IllegalArgumentException("steps count from 1");
    }
  }

  public PlannedStep numbered(int other) {
    return new PlannedStep(other, instruction, work, base);
  }
}
