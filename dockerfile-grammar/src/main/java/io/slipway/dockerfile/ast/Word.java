package io.slipway.dockerfile.ast;

import java.util.Objects;

/**
 * One argument as written: unexpanded, quotes and escapes kept, line continuations removed. {@code
 * dockerfile.word.WordExpander} turns it into its value.
 */
public record Word(String text, SourceRange range) {

  public Word {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(range, "range");
  }
}
