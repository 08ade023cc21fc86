package io.slipway.registry.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** All cases, and what a registry makes of them. */
final class Suite {

  /** What came of one case. */
  record Outcome(Case of, int checks, List<String> failures) {
    boolean passed() {
      return failures.isEmpty();
    }
  }

  private Suite() {}

  /** For a registry that takes a manifest only after what it names. */
  static List<Case> cases() {
    return Stream.of(BlobCases.all(), DataCases.strict(), TableCases.all())
        .flatMap(List::stream)
        .toList();
  }

  /** For one that also takes manifests of which something is missing. */
  static List<Case> sparseCases() {
    return DataCases.sparse();
  }

  /** A registry that breaks down in a case fails it. */
  static Outcome run(Case one, Target target) {
    Probe probe = new Probe(target);
    try {
      one.steps().accept(probe);
    } catch (RuntimeException e) {
      probe.check(false, "ended by " + e);
    }
    return new Outcome(one, probe.checks(), List.copyOf(probe.failures()));
  }

  static List<Outcome> run(List<Case> cases, Target target) {
    List<Outcome> outcomes = new ArrayList<>();
    cases.forEach(one -> outcomes.add(run(one, target)));
    return outcomes;
  }

  /** One line: what passed of each kind of promise, and of all single checks. */
  static String score(String name, List<Outcome> outcomes) {
    StringBuilder line = new StringBuilder(name).append(':');
    for (Case.Since since : Case.Since.values()) {
      List<Outcome> some = outcomes.stream().filter(o -> o.of().since() == since).toList();
      long passed = some.stream().filter(Outcome::passed).count();
      line.append(
          " %s %d of %d,".formatted(since.name().toLowerCase(Locale.ROOT), passed, some.size()));
    }
    int checks = outcomes.stream().mapToInt(Outcome::checks).sum();
    int failed = outcomes.stream().mapToInt(o -> o.failures().size()).sum();
    return line + " checks %d of %d".formatted(checks - failed, checks);
  }
}
