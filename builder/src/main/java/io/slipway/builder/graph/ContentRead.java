package io.slipway.builder.graph;

import java.util.List;
import java.util.Objects;

/**
 * Which part of an input an operation reads, precisely enough that two inputs with equal content
 * there give equal results.
 *
 * @param input index of the input
 * @param path in the input's tree, from its root; may hold wildcards if {@code wildcards}
 * @param wildcards whether {@code *}, {@code ?} and {@code [...]} in the path are patterns
 * @param excludes what is left out below each match, in the form of {@code .dockerignore} lines
 */
public record ContentRead(int input, String path, boolean wildcards, List<String> excludes) {

  public ContentRead {
    Objects.requireNonNull(path, "path");
    excludes = List.copyOf(excludes);
    if (input < 0) {
      throw new IllegalArgumentException("negative input");
    }
  }
}
