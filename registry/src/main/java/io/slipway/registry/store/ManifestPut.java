package io.slipway.registry.store;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** One manifest push, recorded as one transaction: the manifest, what it names, and its tags. */
public record ManifestPut(
    RepositoryName repository,
    ManifestRecord manifest,
    List<ContentReference> references,
    List<String> tags,
    TagCondition condition,
    Instant when) {
  public ManifestPut {
    Objects.requireNonNull(repository, "repository");
    Objects.requireNonNull(manifest, "manifest");
    references = List.copyOf(references);
    tags = List.copyOf(tags);
    Objects.requireNonNull(condition, "condition");
    Objects.requireNonNull(when, "when");
  }
}
