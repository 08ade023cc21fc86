package io.slipway.image.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.remote.Credentials.Basic;
import io.slipway.image.remote.Credentials.IdentityToken;
import io.slipway.image.remote.RegistryAuthorization.Token;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The token server a Bearer challenge names (distribution "token authentication"). */
final class TokenEndpoint {
  /** Lifetime when the answer does not say, and the shortest that is believed. */
  private static final int DEFAULT_SECONDS = 60;

  private static final int MAX_BYTES = 1 << 20;

  private final HttpExchange http;
  private final RegistryAddress registry;
  private final String clientId;

  TokenEndpoint(HttpExchange http, RegistryAddress registry, String clientId) {
    this.http = http;
    this.registry = registry;
    this.clientId = clientId;
  }

  /** GET with Basic credentials, or with none for what anybody may do. */
  Token get(AuthChallenge challenge, RegistryScope scope, Optional<Basic> user) throws IOException {
    StringBuilder query = new StringBuilder("client_id=" + encode(clientId));
    append(query, "service", challenge.parameter("service"));
    scope.scopes().forEach(one -> append(query, "scope", one));
    user.ifPresent(u -> append(query, "account", u.user()));
    URI realm = realm(challenge);
    String separator = realm.getRawQuery() == null ? "?" : "&";
    Map<String, String> headers =
        user.map(u -> Map.of("Authorization", RegistryAuthorization.basicHeader(u)))
            .orElse(Map.of());
    return send(HttpExchange.Call.of("GET", URI.create(realm + separator + query), headers));
  }

  /** POST with a refresh token. */
  Token refresh(AuthChallenge challenge, RegistryScope scope, IdentityToken identity)
      throws IOException {
    String form =
        List.of(
                Map.entry("grant_type", "refresh_token"),
                Map.entry("service", challenge.parameter("service")),
                Map.entry("client_id", clientId),
                Map.entry("scope", String.join(" ", scope.scopes())),
                Map.entry("refresh_token", identity.token()))
            .stream()
            .map(field -> field.getKey() + "=" + encode(field.getValue()))
            .collect(Collectors.joining("&"));
    return send(
        new HttpExchange.Call(
            "POST",
            realm(challenge),
            Map.of("Content-Type", "application/x-www-form-urlencoded"),
            () -> BodyPublishers.ofString(form)));
  }

  private Token send(HttpExchange.Call call) throws IOException {
    return http.retrying(() -> {
      try (RegistryResponse response = http.once(call)) {
        if (!response.isSuccess()) {
          throw http.failure(response);
        }
        return token(response);
      }
    });
  }

  private Token token(RegistryResponse response) throws IOException, TransientFailure {
    JsonNode json;
    try {
      json = RegistryErrors.JSON.readTree(http.read(response, MAX_BYTES));
    } catch (JsonProcessingException e) {
      throw new SlipwayException(
          ErrorKind.INVALID, "token server " + response.uri().getHost() + " sent no JSON", e);
    }
    String text = json.path("token").asText("");
    text = text.isEmpty() ? json.path("access_token").asText("") : text;
    if (text.isEmpty()) {
      throw SlipwayException.invalid("token server " + response.uri().getHost() + " sent no token");
    }
    long seconds = Math.max(DEFAULT_SECONDS, json.path("expires_in").asLong(DEFAULT_SECONDS));
    return new Token(text, Instant.now().plusSeconds(seconds));
  }

  /** Passwords for a registry reached by TLS are not sent in the clear to its token server. */
  private URI realm(AuthChallenge challenge) {
    String text = challenge.parameter("realm");
    URI realm;
    try {
      realm = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new SlipwayException(
          ErrorKind.INVALID,
          "registry " + registry.domain() + " names an invalid token server \"" + text + "\"",
          e);
    }
    boolean https = "https".equals(realm.getScheme());
    boolean http = "http".equals(realm.getScheme());
    if (realm.getHost() == null || !https && !(http && registry.isPlainHttp())) {
      throw SlipwayException.invalid(
          "registry " + registry.domain() + " names an unsafe token server \"" + text + "\"");
    }
    return realm;
  }

  private static void append(StringBuilder query, String name, String value) {
    if (!value.isEmpty()) {
      query.append('&').append(name).append('=').append(encode(value));
    }
  }

  private static String encode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
