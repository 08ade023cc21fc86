package io.slipway.builder.frontend;

import io.slipway.builder.error.DockerfileException;
import io.slipway.builder.error.SourceExcerpt;
import io.slipway.dockerfile.ast.Diagnostic;
import io.slipway.dockerfile.ast.SourceRange;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.util.Objects;
import java.util.Optional;

/** A Dockerfile's name and text: makes the excerpts that messages quote. */
public record SourceText(String file, String text) {

  public SourceText {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(text, "text");
  }

  /** The lines of a place in the text. */
  public SourceExcerpt excerpt(SourceRange range) {
    int lastLine = range.endColumn() == 1 ? range.endLine() - 1 : range.endLine();
    return SourceExcerpt.of(
        file, text, range.startLine(), Math.max(range.startLine(), lastLine), 0);
  }

  /** The failure that a parser's finding stands for. */
  public DockerfileException failure(Diagnostic diagnostic) {
    SourceRange range = diagnostic.range();
    var excerpt =
        SourceExcerpt.of(
            file, text, range.startLine(), range.startLine(), Math.max(0, range.startColumn()));
    return new DockerfileException(
        ErrorKind.INVALID, diagnostic.sentence(), Optional.of(excerpt), null);
  }

  /** The same failure with the lines it comes from; one that has lines already stays as it is. */
  DockerfileException failure(RuntimeException cause, Optional<SourceRange> range) {
    if (cause instanceof DockerfileException located && located.excerpt().isPresent()) {
      return located;
    }
    ErrorKind kind = cause instanceof SlipwayException known ? known.kind() : ErrorKind.INVALID;
    return new DockerfileException(kind, cause.getMessage(), range.map(this::excerpt), cause);
  }
}
