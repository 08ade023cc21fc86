package io.slipway.builder.check;

import io.slipway.dockerfile.ast.SourceRange;
import java.util.Objects;

/**
 * Something that would pass silently and hardly be meant.
 *
 * @param sentence what it is and how to write it instead
 */
public record StrictFinding(String sentence, SourceRange range) {

  public StrictFinding {
    Objects.requireNonNull(sentence, "sentence");
    Objects.requireNonNull(range, "range");
  }
}
