package io.slipway.builder.check;

import io.slipway.dockerfile.ast.SourceRange;

/** Lines of a Dockerfile, from 1, the last one included. */
public record Lines(int first, int last) {

  static Lines of(SourceRange range) {
    int last = range.endColumn() == 1 ? range.endLine() - 1 : range.endLine();
    return new Lines(range.startLine(), Math.max(range.startLine(), last));
  }
}
