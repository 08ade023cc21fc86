package io.slipway.registry.upkeep;

import io.slipway.registry.config.RetentionRule;
import io.slipway.registry.config.TagPattern;
import io.slipway.registry.store.Page;
import io.slipway.registry.store.RegistryStore;
import io.slipway.registry.store.RepositoryName;
import io.slipway.registry.store.TagRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Removes the tags that no rule keeps. A tag that is set again meanwhile stays. Manifests and blobs
 * are left to {@link GarbageCollection}.
 */
public final class Retention {
  private static final int PAGE = 500;

  private final RegistryStore store;
  private final List<RetentionRule> rules;
  private final List<TagPattern> immutable;
  private final Instant now;

  /** What came of a run; on a dry run, what would. */
  public record Report(boolean dryRun, long repositories, long kept, long removed) {
    @Override
    public String toString() {
      return "%s %d tags, kept %d in %d repositories with rules"
          .formatted(dryRun ? "would remove" : "removed", removed, kept, repositories);
    }
  }

  public Retention(
      RegistryStore store, List<RetentionRule> rules, List<TagPattern> immutable, Instant now) {
    this.store = store;
    this.rules = List.copyOf(rules);
    this.immutable = List.copyOf(immutable);
    this.now = now;
  }

  /** {@code out} is told of each tag that goes. */
  public Report run(boolean dryRun, Consumer<String> out) throws InterruptedException {
    store.lastUse().flush();
    Report report = new Report(dryRun, 0, 0, 0);
    String after = "";
    List<RepositoryName> page;
    do {
      page = store.metadata().repositories().list(new Page(PAGE, after));
      for (RepositoryName repository : page) {
        List<RetentionRule> applying =
            rules.stream()
                .filter(rule -> rule.tags().repositories().matches(repository.value()))
                .toList();
        if (!applying.isEmpty()) {
          report = apply(repository, applying, report, out);
        }
        after = repository.value();
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
    } while (page.size() == PAGE);
    return report;
  }

  private Report apply(
      RepositoryName repository,
      List<RetentionRule> applying,
      Report report,
      Consumer<String> out) {
    List<TagRecord> tags = tags(repository);
    Set<TagRecord> matched = new HashSet<>();
    Set<TagRecord> kept = new HashSet<>();
    for (RetentionRule rule : applying) {
      List<TagRecord> candidates =
          tags.stream().filter(tag -> rule.tags().matches(repository.value(), tag.name())).toList();
      matched.addAll(candidates);
      candidates.stream().limit(rule.keep()).forEach(kept::add);
      candidates.stream().filter(tag -> keeps(rule, repository, tag)).forEach(kept::add);
    }
    matched.removeAll(kept);
    long removed = 0;
    for (TagRecord tag : tags) {
      if (matched.contains(tag) && (report.dryRun() || remove(repository, tag))) {
        removed++;
        out.accept(
            "%s:%s %s (pushed %s, %s)"
                .formatted(
                    repository,
                    tag.name(),
                    report.dryRun() ? "would go" : "removed",
                    tag.pushed(),
                    tag.pulled().equals(Instant.EPOCH)
                        ? "never pulled"
                        : "pulled " + tag.pulled()));
      }
    }
    return new Report(
        report.dryRun(),
        report.repositories() + 1,
        report.kept() + tags.size() - removed,
        report.removed() + removed);
  }

  private boolean keeps(RetentionRule rule, RepositoryName repository, TagRecord tag) {
    boolean fixed = immutable.stream().anyMatch(p -> p.matches(repository.value(), tag.name()));
    return (fixed && !rule.immutableToo())
        || tag.pushed().isAfter(now.minus(rule.pushedWithin()))
        || tag.pulled().isAfter(now.minus(rule.pulledWithin()));
  }

  private boolean remove(RepositoryName repository, TagRecord tag) {
    return store.manifests().removeTag(repository, tag);
  }

  /** The one set last comes first. */
  private List<TagRecord> tags(RepositoryName repository) {
    List<TagRecord> all = new ArrayList<>();
    String after = "";
    List<TagRecord> page;
    do {
      page = store.metadata().tags().records(repository, new Page(PAGE, after));
      all.addAll(page);
      after = page.isEmpty() ? "" : page.getLast().name();
    } while (page.size() == PAGE);
    all.sort(Comparator.comparing(TagRecord::pushed).reversed().thenComparing(TagRecord::name));
    return all;
  }
}
