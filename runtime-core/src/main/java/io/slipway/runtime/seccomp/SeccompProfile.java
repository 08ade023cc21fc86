package io.slipway.runtime.seccomp;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * A filter as people write it, before capabilities, architecture and kernel are known.
 *
 * @param defaultAction for calls no rule names
 * @param defaultErrno its error number, if it is ERRNO
 * @param compatible native architecture to the other ones its processes may use
 * @param rules in the order written; of two rules that fit, the first wins, but one without
 *     conditions always beats one with
 * @param flags of {@code seccomp(2)}
 */
public record SeccompProfile(
    SeccompAction defaultAction,
    int defaultErrno,
    Map<SeccompArch, List<SeccompArch>> compatible,
    List<SeccompRule> rules,
    Set<SeccompFlag> flags) {

  public SeccompProfile {
    Objects.requireNonNull(defaultAction, "defaultAction");
    Map<SeccompArch, List<SeccompArch>> sorted = new TreeMap<>();
    compatible.forEach((arch, others) -> sorted.put(arch, List.copyOf(others)));
    compatible = Map.copyOf(sorted);
    rules = List.copyOf(rules);
    flags = Set.copyOf(flags);
  }

  /** The rules that take part for these capabilities, in order. */
  List<SeccompRule> rulesFor(Set<String> caps, SeccompArch arch, KernelVersion kernel) {
    return rules.stream()
        .filter(rule -> rule.includes().admits(caps, arch, kernel))
        .filter(rule -> !rule.excludes().rejects(caps, arch, kernel))
        .toList();
  }
}
