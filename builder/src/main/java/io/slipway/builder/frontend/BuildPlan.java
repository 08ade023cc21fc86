package io.slipway.builder.frontend;

import io.slipway.builder.graph.Op;
import io.slipway.builder.graph.StepInfo;
import io.slipway.builder.graph.Vertex;
import io.slipway.builder.progress.PlannedStep;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * What a Dockerfile comes to: a graph and the image to make of its result.
 *
 * @param target the vertex whose tree becomes the image
 * @param steps the instructions of the stages that are built
 * @param sourceDateEpoch seconds since 1970 that all times in the image are set to, if asked for
 */
public record BuildPlan(
    Vertex target, ImageDraft image, List<PlannedStep> steps, OptionalLong sourceDateEpoch) {

  public BuildPlan {
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(image, "image");
    steps = List.copyOf(steps);
    Objects.requireNonNull(sourceDateEpoch, "sourceDateEpoch");
  }

  /** The same with one layer for all that it adds to the base image. */
  public BuildPlan squashed() {
    Vertex one =
        Vertex.of(
            new Op.Squash(image.baseLayers()),
            List.of(target),
            StepInfo.internal("[internal] squash layers"));
    return new BuildPlan(one, image.squashed(), steps, sourceDateEpoch);
  }

  /** The same with times fixed, unless they are. */
  public BuildPlan withTime(OptionalLong seconds) {
    return sourceDateEpoch.isPresent() ? this : new BuildPlan(target, image, steps, seconds);
  }
}
