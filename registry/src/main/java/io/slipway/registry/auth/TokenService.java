package io.slipway.registry.auth;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.slipway.image.error.SlipwayException;
import io.slipway.registry.auth.jwt.Claims;
import io.slipway.registry.auth.jwt.SigningKey;
import io.slipway.registry.auth.jwt.TokenRefused;
import io.slipway.registry.auth.jwt.TokenVerifier;
import io.slipway.registry.config.Action;
import io.slipway.registry.config.TokenSettings;
import io.slipway.registry.store.ErrorCode;
import io.slipway.registry.store.RegistryFault;
import io.slipway.registry.store.RepositoryName;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Gives out tokens (distribution "token authentication", both its GET and its POST form). A token
 * leaves to do what was asked for as far as the policies allow it, perhaps nothing. A refresh token
 * is a signed promise for another audience: it holds until it expires or the password or key that
 * it was got with is changed or gone; nothing is stored.
 */
public final class TokenService {
  private static final int MAX_SCOPES = 100;
  private static final String REFRESH = "refresh:";

  private final Credentials credentials;
  private final Policies policies;
  private final TokenSettings settings;
  private final SigningKey key;
  private final TokenVerifier refreshTokens;
  private final Clock clock;

  TokenService(
      Credentials credentials,
      Policies policies,
      TokenSettings settings,
      SigningKey key,
      Clock clock) {
    this.credentials = credentials;
    this.policies = policies;
    this.settings = settings;
    this.key = key;
    this.clock = clock;
    this.refreshTokens = key.verifier(settings.issuer(), REFRESH + settings.service(), clock);
  }

  /** An answer for the client; {@code user} is empty for an anonymous one. */
  public record Issued(byte[] json, String user, String scope) {}

  /** Who asks, and what a refresh token may be bound to, if anything. */
  private record Asker(Caller caller, Optional<String> proof) {}

  /**
   * Blocks.
   *
   * @throws RegistryFault UNAUTHORIZED for wrong credentials; 400 for another service
   */
  public Issued issue(TokenRequest request) {
    if (!request.service().isEmpty() && !request.service().equals(settings.service())) {
      throw RegistryFault.withStatus(
          ErrorCode.UNSUPPORTED, 400, "tokens are given for another service here");
    }
    if (request.scopes().size() > MAX_SCOPES) {
      throw RegistryFault.withStatus(ErrorCode.UNSUPPORTED, 400, "too many scopes");
    }
    Asker asker = prove(request.proof());
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    ArrayNode access = JsonNodeFactory.instance.arrayNode();
    List<String> granted = new ArrayList<>();
    for (String text : request.scopes()) {
      Scope.parse(text).ifPresent(scope -> grant(asker.caller(), scope, access, granted));
    }
    ObjectNode claims = claims(asker.caller().user(), settings.service(), settings.life(), now);
    claims.set("access", access);
    String token = key.sign(claims);
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("token", token).put("access_token", token);
    answer.put("expires_in", settings.life().toSeconds()).put("issued_at", now.toString());
    String scope = String.join(" ", granted);
    answer.put("scope", scope);
    if (request.proof() instanceof TokenRequest.Proof.Refresh refresh) {
      answer.put("refresh_token", refresh.token());
    } else if (request.offline() && asker.proof().isPresent()) {
      answer.put("refresh_token", refreshToken(asker.proof().get(), now));
    }
    return new Issued(
        answer.toString().getBytes(StandardCharsets.UTF_8), asker.caller().user(), scope);
  }

  private Asker prove(TokenRequest.Proof proof) {
    return switch (proof) {
      case TokenRequest.Proof.Refresh refresh -> refreshed(refresh.token());
      case TokenRequest.Proof.Password form ->
          basic(new BasicCredentials(form.user(), form.password()));
      case TokenRequest.Proof.Header header -> {
        Optional<BasicCredentials> basic = BasicCredentials.parse(header.authorization());
        yield basic.isPresent() ? basic(basic.get()) : other(header);
      }
    };
  }

  private Asker basic(BasicCredentials basic) {
    // through the header's way, so that a password is compared with bcrypt once only
    return new Asker(
        proven(request(basic.header(), Optional.empty())), Optional.of(credentials.proof(basic)));
  }

  private Asker other(TokenRequest.Proof.Header header) {
    Caller caller = proven(request(header.authorization(), header.certificate()));
    if (caller.byToken()) {
      throw unauthorized("a token cannot be got with a token");
    }
    return new Asker(caller, Optional.empty());
  }

  private static AccessRequest request(String authorization, Optional<String> certificate) {
    return new AccessRequest(authorization, certificate, () -> "", Optional.empty(), Set.of());
  }

  private Caller proven(AccessRequest request) {
    return switch (credentials.identify(request)) {
      case Identity.Proven proven -> proven.caller();
      case Identity.Refused refused -> throw unauthorized(refused.message());
      case Identity.Unsure unsure -> throw unauthorized("authentication required");
    };
  }

  private Asker refreshed(String token) {
    try {
      Claims claims = refreshTokens.verify(token);
      String mark = claims.body().path("mark").asText();
      if (credentials.mark(claims.subject()).filter(mark::equals).isPresent()) {
        Optional<Caller> caller = credentials.callerOf(claims.subject());
        if (caller.isPresent()) {
          return new Asker(caller.get(), Optional.empty());
        }
      }
    } catch (TokenRefused e) {
      throw unauthorized("the refresh token is not valid");
    }
    throw unauthorized("the refresh token is not valid");
  }

  private String refreshToken(String proof, Instant now) {
    ObjectNode claims = claims(proof, REFRESH + settings.service(), settings.refreshLife(), now);
    claims.put("mark", credentials.mark(proof).orElse(""));
    return key.sign(claims);
  }

  private ObjectNode claims(String subject, String audience, Duration life, Instant now) {
    ObjectNode claims = JsonNodeFactory.instance.objectNode();
    claims.put("iss", settings.issuer()).put("sub", subject).put("aud", audience);
    claims.put("exp", now.plus(life).getEpochSecond());
    claims.put("nbf", now.getEpochSecond()).put("iat", now.getEpochSecond());
    return claims.put("jti", UUID.randomUUID().toString());
  }

  private void grant(Caller caller, Scope scope, ArrayNode access, List<String> granted) {
    Set<String> actions = new LinkedHashSet<>();
    if (scope.type().equals("registry") && scope.name().equals("catalog")) {
      if (scope.actions().contains("*") && caller.bounds().isEmpty() && policies.mayList(caller)) {
        actions.add("*");
      }
    } else if (scope.type().equals("repository")) {
      repository(scope.name())
          .ifPresent(name -> {
            for (Action action : Action.values()) {
              if (scope.wants(action) && policies.allows(caller, name, action)) {
                actions.add(Scope.names(Set.of(action)));
              }
            }
          });
    }
    if (actions.isEmpty()) {
      return;
    }
    ObjectNode entry = access.addObject();
    entry.put("type", scope.type()).put("name", scope.name());
    actions.forEach(entry.withArrayProperty("actions")::add);
    granted.add(scope.type() + ":" + scope.name() + ":" + String.join(",", actions));
  }

  private static Optional<RepositoryName> repository(String name) {
    try {
      return Optional.of(new RepositoryName(name));
    } catch (SlipwayException e) {
      // there is nothing to grant in a repository that cannot be
      return Optional.empty();
    }
  }

  /** The keys that tokens can be verified with. */
  public byte[] jwks() {
    return key.jwks();
  }

  private static RegistryFault unauthorized(String message) {
    return RegistryFault.of(ErrorCode.UNAUTHORIZED, message);
  }
}
