package io.slipway.registry.auth;

import io.slipway.registry.config.Action;
import java.util.List;
import java.util.Set;

/** What a new API key is to be good for; empty: no bound. */
public record ApiKeyBounds(List<NamePattern> repositories, Set<Action> actions, String note) {
  public ApiKeyBounds {
    repositories = List.copyOf(repositories);
    actions = Set.copyOf(actions);
  }
}
