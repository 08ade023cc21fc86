package io.slipway.builder.frontend;

import io.slipway.builder.error.SourceExcerpt;
import io.slipway.builder.graph.Vertex;
import io.slipway.dockerfile.ast.Instruction;
import io.slipway.dockerfile.word.WordExpander;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * What all stages of one plan share.
 *
 * @param expander for the escape character of the file
 * @param trees gives the tree of a stage or image that is copied or mounted from
 */
record PlanScope(
    FrontendInput input,
    GlobalScope globals,
    StageTable stages,
    WordExpander expander,
    Function<StageTable.Origin, Vertex> trees) {

  PlanScope {
    Objects.requireNonNull(input, "input");
    Objects.requireNonNull(globals, "globals");
    Objects.requireNonNull(stages, "stages");
    Objects.requireNonNull(expander, "expander");
    Objects.requireNonNull(trees, "trees");
  }

  /** The lines of an instruction; a trigger's text is not in the file and has none. */
  Optional<SourceExcerpt> excerpt(Instruction instruction) {
    boolean inFile =
        input.dockerfile().instructions().stream().anyMatch(known -> known == instruction);
    return inFile ? Optional.of(input.source().excerpt(instruction.range())) : Optional.empty();
  }
}
