package io.slipway.builder.context;

import io.slipway.image.model.Bytes;
import java.util.Objects;
import java.util.Optional;

/** Where the Dockerfile is. */
public sealed interface DockerfileSource {

  /** The usual name. */
  String DEFAULT_NAME = "Dockerfile";

  /** The name people know it by, for messages. */
  String name();

  /** A file of the context, by its path from the context's root; found even if it is ignored. */
  record InContext(String name) implements DockerfileSource {
    public InContext {
      if (name.isBlank()) {
        throw new IllegalArgumentException("the Dockerfile's path is blank");
      }
    }
  }

  /**
   * A text that the caller read, from a file outside the context or from standard input.
   *
   * @param ignoreRules the text of the {@code .dockerignore} file that belongs to it; empty to use
   *     the context's own
   */
  record Text(String name, Bytes text, Optional<Bytes> ignoreRules) implements DockerfileSource {
    public Text {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(text, "text");
      Objects.requireNonNull(ignoreRules, "ignoreRules");
    }
  }
}
