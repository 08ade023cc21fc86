package io.slipway.registry.auth;

import com.fasterxml.jackson.databind.JsonNode;
import io.slipway.image.error.SlipwayException;
import io.slipway.registry.auth.jwt.Claims;
import io.slipway.registry.auth.jwt.TokenRefused;
import io.slipway.registry.auth.jwt.TokenVerifier;
import io.slipway.registry.config.Action;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Bearer tokens as callers. A token with an {@code access} claim, as token services of the
 * distribution kind make it, says itself what it is good for; one without, as the provider of a CI
 * makes it, only says who comes.
 */
final class BearerTokens {
  private static final String CATALOG = "registry";

  /** An issuer and how its subjects become users. */
  record Issuer(TokenVerifier verifier, String userPrefix, Optional<String> groupsClaim) {}

  /** A caller and until when the proof holds. */
  record Verified(Caller caller, Instant until) {}

  private final Map<String, Issuer> issuers;
  private final Policies policies;

  BearerTokens(Map<String, Issuer> issuers, Policies policies) {
    this.issuers = Map.copyOf(issuers);
    this.policies = policies;
  }

  Verified verify(String token) throws TokenRefused {
    Issuer issuer = TokenVerifier.claimedIssuer(token).map(issuers::get).orElse(null);
    if (issuer == null) {
      throw TokenRefused.because("the token is of an unknown issuer");
    }
    Claims claims = issuer.verifier().verify(token);
    JsonNode access = claims.body().get("access");
    if (access == null && claims.subject().isEmpty()) {
      throw TokenRefused.because("the token names nobody");
    }
    String user = claims.subject().isEmpty() ? "" : issuer.userPrefix() + claims.subject();
    Set<String> groups = new HashSet<>(policies.groups(user));
    issuer
        .groupsClaim()
        .ifPresent(claim -> claims.body().path(claim).forEach(g -> groups.add(g.asText())));
    Optional<List<Grant>> bounds = Optional.ofNullable(access).map(BearerTokens::grants);
    Caller caller = new Caller(user, groups, bounds, true, access != null && mayList(access));
    return new Verified(caller, claims.expires());
  }

  /** What a token leaves to do; entries that are not understood leave nothing. */
  private static List<Grant> grants(JsonNode access) {
    List<Grant> grants = new ArrayList<>();
    for (JsonNode entry : access) {
      String name = entry.path("name").asText();
      // a star is no wild card in a token
      if (!entry.path("type").asText().equals("repository") || name.contains("*")) {
        continue;
      }
      try {
        grants.add(new Grant(NamePattern.parse(name), actions(entry.path("actions"))));
      } catch (SlipwayException e) {
        // no repository can have such a name
        continue;
      }
    }
    return grants;
  }

  private static Set<Action> actions(JsonNode names) {
    Set<Action> actions = EnumSet.noneOf(Action.class);
    for (JsonNode name : names) {
      if (name.asText().equals("*")) {
        return EnumSet.allOf(Action.class);
      }
      for (Action action : Action.values()) {
        if (action.name().toLowerCase(Locale.ROOT).equals(name.asText())) {
          actions.add(action);
        }
      }
    }
    return actions;
  }

  private static boolean mayList(JsonNode access) {
    for (JsonNode entry : access) {
      boolean catalog =
          entry.path("type").asText().equals(CATALOG)
              && entry.path("name").asText().equals("catalog");
      for (JsonNode action : entry.path("actions")) {
        if (catalog && action.asText().equals("*")) {
          return true;
        }
      }
    }
    return false;
  }
}
