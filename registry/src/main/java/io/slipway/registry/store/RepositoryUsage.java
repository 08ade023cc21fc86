package io.slipway.registry.store;

import java.util.Objects;

/**
 * What a repository holds.
 *
 * @param bytes of its distinct blobs and manifests, whether or not other repositories hold them too
 */
public record RepositoryUsage(RepositoryName name, long tags, long bytes) {
  public RepositoryUsage {
    Objects.requireNonNull(name, "name");
  }
}
