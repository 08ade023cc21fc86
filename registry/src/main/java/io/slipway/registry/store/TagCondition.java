package io.slipway.registry.store;

import io.slipway.image.model.Digest;
import java.util.Optional;
import java.util.Set;

/**
 * What must hold for a tag before it is moved (HTTP If-Match and If-None-Match), decided in the
 * same transaction as the move.
 */
public sealed interface TagCondition {

  boolean holds(Optional<Digest> current);

  /** No condition. */
  record Always() implements TagCondition {
    @Override
    public boolean holds(Optional<Digest> current) {
      return true;
    }
  }

  /** The tag exists. */
  record Exists() implements TagCondition {
    @Override
    public boolean holds(Optional<Digest> current) {
      return current.isPresent();
    }
  }

  /** The tag does not exist. */
  record Absent() implements TagCondition {
    @Override
    public boolean holds(Optional<Digest> current) {
      return current.isEmpty();
    }
  }

  /** The tag names one of these. */
  record OneOf(Set<Digest> digests) implements TagCondition {
    public OneOf {
      digests = Set.copyOf(digests);
    }

    @Override
    public boolean holds(Optional<Digest> current) {
      return current.filter(digests::contains).isPresent();
    }
  }

  /** The tag names none of these. */
  record NoneOf(Set<Digest> digests) implements TagCondition {
    public NoneOf {
      digests = Set.copyOf(digests);
    }

    @Override
    public boolean holds(Optional<Digest> current) {
      return current.filter(digests::contains).isEmpty();
    }
  }
}
