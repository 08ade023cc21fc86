package io.slipway.registry.auth;

import io.slipway.registry.config.Action;
import io.slipway.registry.store.RepositoryName;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What is asked for and by whom.
 *
 * @param authorization the header as it came, empty text when absent
 * @param certificate the user a client certificate names, verified by TLS
 * @param origin scheme and host by which the client reached us, asked only for a challenge
 * @param repository empty for the API version check and, with PULL, for the catalog
 */
public record AccessRequest(
    String authorization,
    Optional<String> certificate,
    Supplier<String> origin,
    Optional<RepositoryName> repository,
    Set<Action> actions) {
  public AccessRequest {
    Objects.requireNonNull(authorization, "authorization");
    Objects.requireNonNull(certificate, "certificate");
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(repository, "repository");
    actions = Set.copyOf(actions);
  }

  /** The same caller asking for something else. */
  public AccessRequest forRepository(RepositoryName other, Set<Action> otherActions) {
    return new AccessRequest(authorization, certificate, origin, Optional.of(other), otherActions);
  }

  /** The list of repositories. */
  boolean isCatalog() {
    return repository.isEmpty() && !actions.isEmpty();
  }
}
