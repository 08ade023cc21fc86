package io.slipway.registry.conformance;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a client of a suite proves who it is. */
sealed interface ClientAccess {

  /** A request: requests of one kind need the same rights in the same repository. */
  record Wish(String kind, Optional<String> mountedFrom) {}

  /** The Authorization header to begin with. */
  Optional<String> first(Wish wish);

  /** The header to ask again with after a challenge; empty: there is no other. */
  Optional<String> afterChallenge(String challenge, Wish wish, Asker asker);

  /** Sends a GET with an Authorization header. */
  interface Asker {
    HttpResponse<byte[]> get(String address, String authorization);
  }

  /** By nothing. */
  record Anonymous() implements ClientAccess {
    @Override
    public Optional<String> first(Wish wish) {
      return Optional.empty();
    }

    @Override
    public Optional<String> afterChallenge(String challenge, Wish wish, Asker asker) {
      return Optional.empty();
    }
  }

  /** By a password in each request. */
  record Basic(String user, String password) implements ClientAccess {
    String header() {
      String pair = user + ":" + password;
      return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Optional<String> first(Wish wish) {
      return Optional.of(header());
    }

    @Override
    public Optional<String> afterChallenge(String challenge, Wish wish, Asker asker) {
      return Optional.empty();
    }
  }

  /** By a token for just what a challenge asks for, as docker does it. */
  record Token(Basic login, Map<String, String> tokens) implements ClientAccess {
    private static final Pattern REALM = Pattern.compile("realm=\"([^\"]*)\"");
    private static final Pattern SERVICE = Pattern.compile("service=\"([^\"]*)\"");
    private static final Pattern SCOPE = Pattern.compile("scope=\"([^\"]*)\"");

    Token(String user, String password) {
      this(new Basic(user, password), new ConcurrentHashMap<>());
    }

    @Override
    public Optional<String> first(Wish wish) {
      return Optional.ofNullable(tokens.get(wish.kind()));
    }

    @Override
    public Optional<String> afterChallenge(String challenge, Wish wish, Asker asker) {
      if (!challenge.startsWith("Bearer ")) {
        return Optional.empty();
      }
      String address =
          part(REALM, challenge) + "?service=" + part(SERVICE, challenge) + scopes(challenge);
      String all =
          wish.mountedFrom()
              .map(from -> address + "&scope=repository:" + from + ":pull")
              .orElse(address);
      String token = tokens.computeIfAbsent(all, key -> "Bearer " + fetch(key, asker));
      if (wish.mountedFrom().isEmpty()) {
        tokens.put(wish.kind(), token);
      }
      return Optional.of(token);
    }

    private static String scopes(String challenge) {
      String scope = part(SCOPE, challenge);
      return scope.isEmpty() ? "" : "&scope=" + scope.replace(" ", "&scope=");
    }

    private String fetch(String address, Asker asker) {
      HttpResponse<byte[]> answer = asker.get(address, login.header());
      String body = new String(answer.body(), StandardCharsets.UTF_8);
      Matcher token = Pattern.compile("\"token\":\"([^\"]+)\"").matcher(body);
      if (answer.statusCode() != 200 || !token.find()) {
        throw new IllegalStateException(
            "no token from " + address + ": " + answer.statusCode() + " " + body);
      }
      return token.group(1);
    }

    private static String part(Pattern pattern, String challenge) {
      Matcher matcher = pattern.matcher(challenge);
      return matcher.find() ? matcher.group(1) : "";
    }
  }
}
