package io.slipway.registry.store;

import io.slipway.image.model.Digest;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;

/** What keeps something in a repository: tags, manifests, or for a while its last use. */
public record Keepers(boolean tagged, Set<Digest> manifests, long size, Instant lastUse) {
  public Keepers {
    manifests = Set.copyOf(manifests);
    Objects.requireNonNull(lastUse, "lastUse");
  }
}
