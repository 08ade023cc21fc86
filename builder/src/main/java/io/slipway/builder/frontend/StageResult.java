package io.slipway.builder.frontend;

import io.slipway.builder.graph.Vertex;
import io.slipway.builder.progress.PlannedStep;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedSet;

/**
 * A planned stage: what a stage built FROM it starts with.
 *
 * @param variables ENV and ARG values in force at its end
 * @param arguments the ARGs declared so far, in the order of their first declaration
 * @param steps its instructions, numbered from 1
 */
record StageResult(
    Vertex tree,
    ImageDraft image,
    Map<String, String> variables,
    SequencedSet<String> arguments,
    List<PlannedStep> steps) {

  StageResult {
    Objects.requireNonNull(tree, "tree");
    Objects.requireNonNull(image, "image");
    variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
    arguments = Collections.unmodifiableSequencedSet(new LinkedHashSet<>(arguments));
    steps = List.copyOf(steps);
  }
}
