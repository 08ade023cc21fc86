package io.slipway.builder.error;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.util.Objects;
import java.util.Optional;

/** An instruction that cannot be understood or carried out, with its place if it has one. */
public final class DockerfileException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  private final transient Optional<SourceExcerpt> excerpt;

  public DockerfileException(
      ErrorKind kind, String message, Optional<SourceExcerpt> excerpt, Throwable cause) {
    super(kind, message, cause);
    this.excerpt = Objects.requireNonNull(excerpt, "excerpt");
  }

  public Optional<SourceExcerpt> excerpt() {
    return excerpt;
  }
}
