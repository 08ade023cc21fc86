package io.slipway.image.remote;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.remote.Credentials.Anonymous;
import io.slipway.image.remote.Credentials.Basic;
import io.slipway.image.remote.Credentials.IdentityToken;
import io.slipway.image.remote.Credentials.RegistryToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says the Authorization header for requests to one registry: learns from its challenges what it
 * wants, and keeps tokens per scope until shortly before they expire. Safe for threads.
 */
final class RegistryAuthorization {
  /** A token this close to its end might expire on the way. */
  private static final long MARGIN_SECONDS = 10;

  private final Credentials credentials;
  private final TokenEndpoint tokens;
  private final Map<RegistryScope, Token> cache = new ConcurrentHashMap<>();
  private volatile AuthChallenge wanted;

  /** A bearer token and when not to use it any more. */
  record Token(String text, Instant expires) {}

  RegistryAuthorization(Credentials credentials, TokenEndpoint tokens) {
    this.credentials = credentials;
    this.tokens = tokens;
  }

  /** The header for a request, as far as known; fetches a token when the registry wants one. */
  Optional<String> header(RegistryScope scope) throws IOException {
    if (credentials instanceof RegistryToken token) {
      return Optional.of("Bearer " + token.token());
    }
    AuthChallenge challenge = wanted;
    if (challenge == null) {
      return Optional.empty();
    }
    if (challenge.scheme().equals("basic")) {
      return basic();
    }
    return Optional.of("Bearer " + token(challenge, scope).text());
  }

  private Optional<String> basic() {
    return credentials instanceof Basic user ? Optional.of(basicHeader(user)) : Optional.empty();
  }

  static String basicHeader(Basic user) {
    byte[] pair = (user.user() + ":" + user.password()).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  /** Takes note of what a 401 asks for, without judging whether we can give it. */
  void note(RegistryResponse unauthorized) {
    List<AuthChallenge> challenges = AuthChallenge.parse(unauthorized.headers("WWW-Authenticate"));
    AuthChallenge.find(challenges, "bearer")
        .or(() -> AuthChallenge.find(challenges, "basic"))
        .ifPresent(challenge -> wanted = challenge);
  }

  /**
   * Takes note of a 401 to a request. True when it should be sent again with a new header; when
   * nothing better can be sent, false, or UNAUTHORIZED with docker's text.
   */
  boolean learn(RegistryResponse unauthorized, RegistryScope scope) {
    if (credentials instanceof RegistryToken) {
      return false;
    }
    note(unauthorized);
    AuthChallenge challenge = wanted;
    if (challenge == null) {
      return false;
    }
    if (challenge.scheme().equals("bearer")) {
      // the token may have expired on the way; the caller asks once more only
      cache.remove(scope);
      return true;
    }
    if (!(credentials instanceof Basic)) {
      throw new SlipwayException(ErrorKind.UNAUTHORIZED, "no basic auth credentials");
    }
    return !unauthorized.hadAuthorization();
  }

  private Token token(AuthChallenge challenge, RegistryScope scope) throws IOException {
    Token cached = cache.get(scope);
    if (cached != null && Instant.now().plusSeconds(MARGIN_SECONDS).isBefore(cached.expires())) {
      return cached;
    }
    Token fresh =
        switch (credentials) {
          case IdentityToken identity -> tokens.refresh(challenge, scope, identity);
          case Basic user -> tokens.get(challenge, scope, Optional.of(user));
          case Anonymous nobody -> tokens.get(challenge, scope, Optional.empty());
          case RegistryToken given -> new Token(given.token(), Instant.MAX);
        };
    cache.put(scope, fresh);
    return fresh;
  }
}
