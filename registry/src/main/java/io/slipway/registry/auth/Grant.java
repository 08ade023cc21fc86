package io.slipway.registry.auth;

import io.slipway.registry.config.Action;
import io.slipway.registry.store.RepositoryName;
import java.util.Objects;
import java.util.Set;

/** Leave to do something in the repositories that a pattern names. */
public record Grant(NamePattern repositories, Set<Action> actions) {
  public Grant {
    Objects.requireNonNull(repositories, "repositories");
    actions = Set.copyOf(actions);
  }

  boolean allows(RepositoryName repository, Action action) {
    return actions.contains(action) && repositories.matches(repository.value());
  }
}
