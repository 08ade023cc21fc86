package io.slipway.registry.store;

import io.slipway.image.model.Bytes;
import java.util.List;
import java.util.Objects;

/**
 * A manifest as a client pushes it.
 *
 * @param mediaType the Content-Type without parameters, empty when there was none
 * @param extraTags tags beside {@code reference}, from the query
 * @param condition what must hold for every tag before it is moved
 */
public record ManifestPush(
    RepositoryName repository,
    ManifestReference reference,
    String mediaType,
    Bytes content,
    List<String> extraTags,
    TagCondition condition) {
  public ManifestPush {
    Objects.requireNonNull(repository, "repository");
    Objects.requireNonNull(reference, "reference");
    Objects.requireNonNull(mediaType, "mediaType");
    Objects.requireNonNull(content, "content");
    extraTags = List.copyOf(extraTags);
    Objects.requireNonNull(condition, "condition");
  }
}
