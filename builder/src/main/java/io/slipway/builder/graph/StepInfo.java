package io.slipway.builder.graph;

import io.slipway.builder.error.SourceExcerpt;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What people are shown of a vertex, and hints for the scheduler. Not part of its digest.
 *
 * @param name such as {@code [build 2/4] RUN make}
 * @param slot the same for the same step of the same Dockerfile from build to build, whatever its
 *     key; empty for internal work. A miss is explained against the last result in its slot
 * @param excerpt the instruction in the Dockerfile
 * @param ignoreCache carry the operation out even if its result is known
 * @param arguments names of the variables that are ARGs, to call them so
 */
public record StepInfo(
    String name,
    String slot,
    Optional<SourceExcerpt> excerpt,
    boolean ignoreCache,
    Set<String> arguments) {

  public StepInfo {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(slot, "slot");
    Objects.requireNonNull(excerpt, "excerpt");
    arguments = Set.copyOf(arguments);
  }

  public StepInfo(String name, String slot, Optional<SourceExcerpt> excerpt, boolean ignoreCache) {
    this(name, slot, excerpt, ignoreCache, Set.of());
  }

  /** Work that no instruction stands for. */
  public static StepInfo internal(String name) {
    return new StepInfo(name, "", Optional.empty(), false);
  }
}
