package io.slipway.registry.config;

import io.slipway.image.error.SlipwayException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Who may come in, and what they may do. */
public record AuthSettings(
    @Setting(
            "how clients prove who they are: `none` lets everybody do everything, `basic`, `token`;"
                + " without it, `basic` as soon as anything of `auth` is set")
        Optional<AuthScheme> scheme,
    @Setting(value = "what a client shows when it asks for a password", preset = "slipway registry")
        String realm,
    @Setting(
            "file of users and bcrypt hashes, as `htpasswd -B` makes it; a change takes effect"
                + " within seconds")
        Optional<Path> htpasswd,
    @Setting("token service") TokenSettings token,
    @Setting("others whose tokens are believed") List<IssuerSettings> issuers,
    @Setting("groups by name, each a list of users") Map<String, List<String>> groups,
    @Setting("who may do what; without any, every known user may do everything")
        List<PolicySettings> policies) {

  public AuthSettings {
    Objects.requireNonNull(realm, "realm");
    Objects.requireNonNull(htpasswd, "htpasswd");
    Objects.requireNonNull(token, "token");
    issuers = List.copyOf(issuers);
    groups = Map.copyOf(groups);
    policies = List.copyOf(policies);
    boolean used =
        htpasswd.isPresent() || !issuers.isEmpty() || !groups.isEmpty() || !policies.isEmpty();
    if (used && scheme.filter(AuthScheme.NONE::equals).isPresent()) {
      throw SlipwayException.invalid("scheme none does not go with the rest of auth");
    }
    if (scheme.isEmpty()) {
      scheme = Optional.of(used ? AuthScheme.BASIC : AuthScheme.NONE);
    }
    if (policies.stream().anyMatch(PolicySettings::anonymous) && scheme.get() != AuthScheme.TOKEN) {
      throw SlipwayException.invalid(
          "anonymous policies need scheme token: with basic, clients cannot tell when to send"
              + " their password");
    }
  }
}
