package io.slipway.dockerfile.check;

import io.slipway.dockerfile.ast.Dockerfile;
import io.slipway.dockerfile.ast.Header;
import io.slipway.dockerfile.ast.SourceRange;

/** Looks through a file for places that break one rule. */
@FunctionalInterface
interface Check {

  /** Takes what a check finds: how the rule is broken, by which instruction, and where. */
  @FunctionalInterface
  interface Findings {
    void add(String detail, Header instruction, SourceRange where);

    /** The whole instruction breaks the rule. */
    default void add(String detail, Header instruction) {
      add(detail, instruction, instruction.range());
    }
  }

  void inspect(Dockerfile file, Findings findings);
}
