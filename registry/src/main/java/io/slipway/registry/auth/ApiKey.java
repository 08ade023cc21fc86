package io.slipway.registry.auth;

import io.slipway.registry.config.Action;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A secret that stands for a user, for programs.
 *
 * @param hash SHA-256 of the secret in hex; a secret of 256 random bits needs nothing slower
 * @param repositories all it is good for; empty: whatever the user may do
 */
public record ApiKey(
    String id,
    String user,
    String hash,
    Instant created,
    Optional<Instant> expires,
    List<NamePattern> repositories,
    Set<Action> actions,
    String note) {

  public ApiKey {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(hash, "hash");
    Objects.requireNonNull(created, "created");
    Objects.requireNonNull(expires, "expires");
    repositories = List.copyOf(repositories);
    actions = Set.copyOf(actions);
    Objects.requireNonNull(note, "note");
  }

  /** What it is good for, if it is bounded. */
  Optional<List<Grant>> bounds() {
    if (repositories.isEmpty() && actions.isEmpty()) {
      return Optional.empty();
    }
    List<NamePattern> where =
        repositories.isEmpty() ? List.of(NamePattern.parse("**")) : repositories;
    Set<Action> what = actions.isEmpty() ? Set.of(Action.values()) : actions;
    return Optional.of(where.stream().map(r -> new Grant(r, what)).toList());
  }

  boolean isValidAt(Instant now) {
    return expires.isEmpty() || now.isBefore(expires.get());
  }
}
