package io.slipway.builder.graph;

import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Which part of an input an operation reads, precisely enough that two inputs with equal content
 * there give equal results.
 *
 * @param input index of the input
 * @param path in the input's tree, from its root; may hold wildcards if {@code wildcards}
 * @param wildcards whether {@code *}, {@code ?} and {@code [...]} in the path are patterns
 * @param excludes what is left out below each match, in the form of {@code .dockerignore} lines
 * @param parents if given, the directories above each match count too, except for so many at the
 *     beginning; {@code **} in the path then stands for any number of directories
 */
public record ContentRead(
    int input, String path, boolean wildcards, List<String> excludes, OptionalInt parents) {

  /** Reads without the directories above. */
  public ContentRead(int input, String path, boolean wildcards, List<String> excludes) {
    this(input, path, wildcards, excludes, OptionalInt.empty());
  }

  public ContentRead {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(parents, "parents");
    excludes = List.copyOf(excludes);
    if (input < 0) {
      throw new IllegalArgumentException("negative input");
    }
  }
}
