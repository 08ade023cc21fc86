package io.slipway.registry.config;

import io.slipway.image.error.SlipwayException;
import java.util.List;
import java.util.Set;

/** Who may do what where; policies only ever add to each other. */
public record PolicySettings(
    @Setting(
            "names of repositories; `*` stands for a part of a name without slash, `**` for any"
                + " part")
        List<String> repositories,
    @Setting("users it is for; `*` is every known user") List<String> users,
    @Setting("groups it is for") List<String> groups,
    @Setting(
            value =
                "whether it is for callers without credentials too; only with `auth.scheme: token`",
            preset = "false")
        boolean anonymous,
    @Setting("what they may do: `pull`, `push`, `delete`") List<Action> actions) {

  public PolicySettings {
    repositories = List.copyOf(repositories);
    users = List.copyOf(users);
    groups = List.copyOf(groups);
    actions = List.copyOf(Set.copyOf(actions));
    if (repositories.isEmpty() || actions.isEmpty()) {
      throw SlipwayException.invalid("a policy needs repositories and actions");
    }
    if (users.isEmpty() && groups.isEmpty() && !anonymous) {
      throw SlipwayException.invalid("a policy needs users, groups or anonymous: true");
    }
  }
}
