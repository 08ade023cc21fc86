package io.slipway.builder.check;

import io.slipway.image.model.Platform;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What checks may know beside the Dockerfile.
 *
 * @param base of an image's name with its variables expanded; empty if that image cannot be had now
 * @param ignored whether a path of the context is left out by ignore rules that have no exceptions
 * @param isDirectory whether a path of the context is a directory
 * @param exists whether a path of the context, maybe with wildcards, names anything
 * @param arguments names of the build arguments that are given
 * @param platform what is built for
 */
public record CheckFacts(
    Function<String, Optional<Base>> base,
    Predicate<String> ignored,
    Predicate<String> isDirectory,
    Predicate<String> exists,
    Set<String> arguments,
    Platform platform) {

  /** An image that a stage starts from. */
  public record Base(Set<String> variables, Platform platform) {
    public Base {
      variables = Set.copyOf(variables);
      Objects.requireNonNull(platform, "platform");
    }
  }

  public CheckFacts {
    Objects.requireNonNull(base, "base");
    Objects.requireNonNull(ignored, "ignored");
    Objects.requireNonNull(isDirectory, "isDirectory");
    Objects.requireNonNull(exists, "exists");
    arguments = Set.copyOf(arguments);
    Objects.requireNonNull(platform, "platform");
  }
}
