package io.slipway.dockerfile.ast;

import java.util.Objects;

/** A parser directive, {@code # name=value}, from the top of the file; the name in lower case. */
public record Directive(String name, String value, SourceRange range) {

  public Directive {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(range, "range");
  }
}
