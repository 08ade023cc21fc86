package io.slipway.registry.auth;

import io.slipway.registry.config.Action;
import io.slipway.registry.config.AuthSettings;
import io.slipway.registry.config.PolicySettings;
import io.slipway.registry.store.RepositoryName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which caller may do what where. Pure: the same question has always the same answer. */
final class Policies {
  private static final String EVERYBODY = "*";

  private record Rule(
      List<Grant> grants, Set<String> users, Set<String> groups, boolean anonymous) {
    static Rule of(PolicySettings policy) {
      return new Rule(
          policy.repositories().stream()
              .map(r -> new Grant(NamePattern.parse(r), Set.copyOf(policy.actions())))
              .toList(),
          Set.copyOf(policy.users()),
          Set.copyOf(policy.groups()),
          policy.anonymous());
    }

    boolean isFor(Caller caller) {
      if (anonymous) {
        return true;
      }
      return !caller.isAnonymous()
          && (users.contains(EVERYBODY)
              || users.contains(caller.user())
              || caller.groups().stream().anyMatch(groups::contains));
    }
  }

  private final List<Rule> rules;
  private final Map<String, Set<String>> groupsOfUsers = new HashMap<>();

  Policies(AuthSettings settings) {
    this.rules = settings.policies().stream().map(Rule::of).toList();
    settings
        .groups()
        .forEach((group, users) ->
            users.forEach(u -> groupsOfUsers.computeIfAbsent(u, k -> new HashSet<>()).add(group)));
  }

  /** The groups that the settings put a user in. */
  Set<String> groups(String user) {
    return groupsOfUsers.getOrDefault(user, Set.of());
  }

  boolean allows(Caller caller, RepositoryName repository, Action action) {
    if (caller.bounds().isPresent()
        && caller.bounds().get().stream().noneMatch(g -> g.allows(repository, action))) {
      return false;
    }
    return caller.isJudgedByToken() || permits(caller, repository, action);
  }

  /** Whether the policies let a caller do something, whatever the credentials are good for. */
  boolean permits(Caller caller, RepositoryName repository, Action action) {
    if (rules.isEmpty()) {
      return !caller.isAnonymous();
    }
    for (Rule rule : rules) {
      if (rule.isFor(caller)
          && rule.grants().stream().anyMatch(g -> g.allows(repository, action))) {
        return true;
      }
    }
    return false;
  }

  /** Whether a caller may ask for the list of repositories, which holds what it may pull. */
  boolean mayList(Caller caller) {
    if (caller.isJudgedByToken()) {
      return caller.mayList();
    }
    return !caller.isAnonymous() || rules.stream().anyMatch(Rule::anonymous);
  }
}
