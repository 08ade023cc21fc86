package io.slipway.registry.auth;

import io.slipway.registry.store.RepositoryName;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What is asked for and by whom. {@code authorization} is the header as it came, empty text when
 * absent; {@code repository} is empty for the API version check and, with PULL, for the catalog.
 */
public record AccessRequest(
    String authorization, Optional<RepositoryName> repository, Set<Action> actions) {
  public AccessRequest {
    Objects.requireNonNull(authorization, "authorization");
    Objects.requireNonNull(repository, "repository");
    actions = Set.copyOf(actions);
  }

  /** The same caller asking for something else. */
  public AccessRequest forRepository(RepositoryName other, Set<Action> otherActions) {
    return new AccessRequest(authorization, Optional.of(other), otherActions);
  }
}
