package io.slipway.registry.auth;

import io.slipway.image.error.SlipwayException;
import io.slipway.registry.auth.jwt.SigningKey;
import io.slipway.registry.auth.jwt.TokenVerifier;
import io.slipway.registry.auth.jwt.TrustedIssuer;
import io.slipway.registry.config.AuthScheme;
import io.slipway.registry.config.AuthSettings;
import io.slipway.registry.config.IssuerSettings;
import io.slipway.registry.config.TokenSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The doors of a registry as its settings want them.
 *
 * <pre>
 * DATA_ROOT/auth/api-keys.json    API keys, hashed (ApiKeyFile)
 * DATA_ROOT/auth/token-key.pem    what signs tokens (SigningKey)
 * </pre>
 *
 * @param tokens the registry's own token service, if it has one
 */
public record AccessControl(Authorizer authorizer, Optional<TokenService> tokens) {
  public AccessControl {
    Objects.requireNonNull(authorizer, "authorizer");
    Objects.requireNonNull(tokens, "tokens");
  }

  /**
   * @param notices is told, one line each, when changed users or keys cannot be read
   * @throws SlipwayException INVALID naming the file that cannot be used
   */
  public static AccessControl open(
      AuthSettings settings, Path dataRoot, Clock clock, Consumer<String> notices) {
    AuthScheme scheme = settings.scheme().orElse(AuthScheme.NONE);
    if (scheme == AuthScheme.NONE) {
      return new AccessControl(new OpenAuthorizer(), Optional.empty());
    }
    Policies policies = new Policies(settings);
    TokenSettings token = settings.token();
    Map<String, BearerTokens.Issuer> issuers = issuers(settings, clock, notices);
    Optional<SigningKey> key = Optional.empty();
    if (scheme == AuthScheme.TOKEN) {
      boolean es256 = token.key() == TokenSettings.KeyKind.ES256;
      key = Optional.of(SigningKey.open(dataRoot.resolve("auth/token-key.pem"), es256));
      TokenVerifier own = key.get().verifier(token.issuer(), token.service(), clock);
      if (issuers.put(token.issuer(), new BearerTokens.Issuer(own, "", Optional.empty())) != null) {
        throw SlipwayException.invalid(
            "issuer %s is that of the own token service".formatted(token.issuer()));
      }
    }
    Credentials credentials =
        new Credentials(
            settings.htpasswd().map(f -> new WatchedFile<>(f, HtpasswdFile::read, clock, notices)),
            new WatchedFile<>(ApiKeyFile.path(dataRoot), ApiKeyFile::read, clock, notices),
            new BearerTokens(issuers, policies),
            policies,
            clock);
    Challenges challenges =
        scheme == AuthScheme.TOKEN
            ? new Challenges.Bearer(token.service())
            : new Challenges.Basic(settings.realm());
    return new AccessControl(
        new CheckedAuthorizer(credentials, policies, challenges),
        key.map(k -> new TokenService(credentials, policies, token, k, clock)));
  }

  private static Map<String, BearerTokens.Issuer> issuers(
      AuthSettings settings, Clock clock, Consumer<String> notices) {
    Map<String, BearerTokens.Issuer> issuers = new HashMap<>();
    for (IssuerSettings issuer : settings.issuers()) {
      Set<String> audience =
          issuer.audience().isEmpty()
              ? Set.of(settings.token().service())
              : Set.copyOf(issuer.audience());
      BearerTokens.Issuer known =
          new BearerTokens.Issuer(
              verifier(issuer, audience, clock, notices),
              issuer.userPrefix().orElse(""),
              issuer.groupsClaim());
      if (issuers.put(issuer.issuer(), known) != null) {
        throw SlipwayException.invalid("issuer " + issuer.issuer() + " is given twice");
      }
    }
    return issuers;
  }

  private static TokenVerifier verifier(
      IssuerSettings issuer, Set<String> audience, Clock clock, Consumer<String> notices) {
    String name = issuer.issuer();
    return issuer
        .jwks()
        .map(f -> TrustedIssuer.ofKeyFile(f, name, audience, clock, notices))
        .or(() ->
            issuer
                .certificates()
                .map(f -> TrustedIssuer.ofCertificates(f, name, audience, clock, notices)))
        .or(() -> issuer.jwksUrl().map(u -> TrustedIssuer.ofUrl(u, name, audience, clock, notices)))
        .orElseThrow();
  }
}
