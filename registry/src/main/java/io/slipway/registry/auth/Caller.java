package io.slipway.registry.auth;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Who makes a request, as far as was proven.
 *
 * @param user empty text for somebody without credentials
 * @param bounds all that the credentials are good for, if they are good for a part only
 * @param byToken whether a bearer token said so: then {@code bounds}, if there are any, are the
 *     last word and policies are not asked
 * @param mayList whether a token leaves to list repositories
 */
public record Caller(
    String user,
    Set<String> groups,
    Optional<List<Grant>> bounds,
    boolean byToken,
    boolean mayList) {

  static final Caller ANONYMOUS = new Caller("", Set.of(), Optional.empty(), false, false);

  public Caller {
    Objects.requireNonNull(user, "user");
    groups = Set.copyOf(groups);
    bounds = bounds.map(List::copyOf);
  }

  boolean isAnonymous() {
    return user.isEmpty();
  }

  /** Whether a token's own list of grants decides, in place of the policies. */
  boolean isJudgedByToken() {
    return byToken && bounds.isPresent();
  }
}
