package io.slipway.dockerfile.ast;

import java.util.Objects;

/** One comment line: the text after {@code #}, outer blanks removed. */
public record Comment(String text, SourceRange range) {

  public Comment {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(range, "range");
  }
}
