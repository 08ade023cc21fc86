package io.slipway.runtime.seccomp;

import java.util.Optional;
import java.util.Set;

/**
 * When a rule takes part: the {@code includes} or {@code excludes} of a rule. Empty parts say
 * nothing.
 *
 * @param caps capability names, {@code CAP_SYS_ADMIN}
 * @param arches architecture names as in Go, {@code amd64}
 * @param minKernel the first kernel
 */
public record RuleFilter(Set<String> caps, Set<String> arches, Optional<KernelVersion> minKernel) {
  /** Says nothing. */
  public static final RuleFilter NONE = new RuleFilter(Set.of(), Set.of(), Optional.empty());

  public RuleFilter {
    caps = Set.copyOf(caps);
    arches = Set.copyOf(arches);
  }

  /** As {@code includes}: every part that says something must hold. */
  boolean admits(Set<String> granted, SeccompArch arch, KernelVersion kernel) {
    return granted.containsAll(caps)
        && (arches.isEmpty() || arches.contains(arch.ruleName()))
        && minKernel.map(first -> kernel.compareTo(first) >= 0).orElse(true);
  }

  /** As {@code excludes}: one part that holds is enough. */
  boolean rejects(Set<String> granted, SeccompArch arch, KernelVersion kernel) {
    return caps.stream().anyMatch(granted::contains)
        || arches.contains(arch.ruleName())
        || minKernel.map(first -> kernel.compareTo(first) >= 0).orElse(false);
  }
}
