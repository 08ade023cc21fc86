package io.slipway.registry.store;

import io.slipway.image.model.Digest;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * What repositories hold and nothing in them needs. A manifest is needed by a tag, by an index of
 * the same repository that names it, and, if it has a subject, by that while the repository has it;
 * a blob by the manifests of the same repository that name it. A tag that lists the referrers of a
 * subject ({@code sha256-<hex>}, an index) needs that subject. Every change that may leave
 * something unneeded puts its repository up for review.
 */
public interface GarbageIndex {

  /** What a repository holds something as. */
  enum Kind {
    MANIFEST,
    BLOB
  }

  /** Repositories that changed since they were last found clean, in ASCII order. */
  List<RepositoryName> unreviewed(Page page);

  /** A number that grows with every change of a repository; for {@link #reviewed}. */
  long changes(RepositoryName repository);

  /** Nothing unneeded was left after {@code changes}. */
  void reviewed(RepositoryName repository, long changes);

  /**
   * Looks at up to {@code limit} things that the repository holds, from where the page before ended
   * ({@code cursor} is empty at first), and names the unneeded ones last touched before {@code
   * untouchedSince}.
   */
  GarbagePage unneeded(
      RepositoryName repository, Kind kind, Instant untouchedSince, String cursor, int limit);

  /**
   * Drops from the repository those of {@code digests} that are still unneeded and untouched, all
   * in one transaction with the look whether they are; returns which.
   */
  List<Digest> drop(
      RepositoryName repository, Kind kind, Collection<Digest> digests, Instant untouchedSince);

  /** What in the repository keeps something it holds. */
  Keepers keepers(RepositoryName repository, Kind kind, Digest digest);

  /** What a manifest of the repository keeps: what it names and the manifests it is subject of. */
  List<Digest> keptBy(RepositoryName repository, Digest manifest);
}
