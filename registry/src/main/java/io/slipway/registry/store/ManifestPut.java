package io.slipway.registry.store;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * One manifest push, recorded as one transaction: the manifest, what it names, and its tags.
 *
 * @param immutable those of the tags that may not be moved
 */
public record ManifestPut(
    RepositoryName repository,
    ManifestRecord manifest,
    List<ContentReference> references,
    List<String> tags,
    Set<String> immutable,
    TagCondition condition,
    Instant when) {

  public ManifestPut {
    Objects.requireNonNull(repository, "repository");
    Objects.requireNonNull(manifest, "manifest");
    references = List.copyOf(references);
    tags = List.copyOf(tags);
    immutable = Set.copyOf(immutable);
    Objects.requireNonNull(condition, "condition");
    Objects.requireNonNull(when, "when");
  }

  /** A push whose tags may all be moved. */
  public ManifestPut(
      RepositoryName repository,
      ManifestRecord manifest,
      List<ContentReference> references,
      List<String> tags,
      TagCondition condition,
      Instant when) {
    this(repository, manifest, references, tags, Set.of(), condition, when);
  }
}
