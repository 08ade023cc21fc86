package io.slipway.dockerfile.check;

import io.slipway.dockerfile.ast.SourceRange;
import java.util.Objects;

/** A rule that a place of the Dockerfile breaks; {@code detail} says how. */
public record CheckWarning(CheckRule rule, String detail, SourceRange range) {

  public CheckWarning {
    Objects.requireNonNull(rule, "rule");
    Objects.requireNonNull(detail, "detail");
    Objects.requireNonNull(range, "range");
  }

  /** {@code Rule: detail (line N)}, as {@code docker build} prints it. */
  public String sentence() {
    return rule.title() + ": " + detail + " (line " + range.startLine() + ")";
  }
}
