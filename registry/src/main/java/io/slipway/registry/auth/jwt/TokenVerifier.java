package io.slipway.registry.auth.jwt;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Believes the tokens of one issuer that are meant for us and valid now. Safe for threads. */
public final class TokenVerifier {
  /** Clocks of two machines may differ by this much. */
  private static final Duration LEEWAY = Duration.ofSeconds(60);

  private static final int MAX_LENGTH = 16 << 10;
  private static final int PARTS = 3;

  private final String issuer;
  private final Set<String> audiences;
  private final KeySource source;
  private final Clock clock;

  TokenVerifier(String issuer, Set<String> audiences, KeySource source, Clock clock) {
    this.issuer = issuer;
    this.audiences = Set.copyOf(audiences);
    this.source = source;
    this.clock = clock;
  }

  public String issuer() {
    return issuer;
  }

  /** The issuer a token claims to be of; unverified, only good for choosing the verifier. */
  public static Optional<String> claimedIssuer(String token) {
    String[] parts = token.split("\\.", -1);
    if (token.length() > MAX_LENGTH || parts.length != PARTS) {
      return Optional.empty();
    }
    try {
      return Optional.of(JsonText.decode(parts[1]).path("iss").asText());
    } catch (TokenRefused e) {
      return Optional.empty();
    }
  }

  /** May block: keys may have to be fetched. */
  public Claims verify(String token) throws TokenRefused {
    String[] parts = token.split("\\.", -1);
    if (token.length() > MAX_LENGTH || parts.length != PARTS) {
      throw new TokenRefused("malformed token");
    }
    checkSignature(JsonText.decode(parts[0]), parts);
    return check(JsonText.decode(parts[1]));
  }

  private void checkSignature(JsonNode header, String[] parts) throws TokenRefused {
    SignatureAlgorithm algorithm =
        SignatureAlgorithm.of(header.path("alg").asText())
            .orElseThrow(() -> new TokenRefused("the token's algorithm is not taken"));
    if (header.has("crit")) {
      throw new TokenRefused("the token wants an extension understood");
    }
    byte[] signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
    byte[] signature = JsonText.bytes(parts[2]);
    for (TrustedKey key : candidates(header, algorithm)) {
      if (algorithm.verify(key.key(), signed, signature)) {
        return;
      }
    }
    throw new TokenRefused("the token's signature is wrong");
  }

  private List<TrustedKey> candidates(JsonNode header, SignatureAlgorithm algorithm)
      throws TokenRefused {
    Optional<String> id = Optional.ofNullable(header.get("kid")).map(JsonNode::asText);
    KeySet keys = source.keys();
    // before keys without a name: that of an authority would fit, but signs certificates only
    Optional<TrustedKey> chained = keys.certificates().chained(header.path("x5c"));
    if (chained.isPresent() && chained.get().serves(algorithm)) {
      return List.of(chained.get());
    }
    List<TrustedKey> found = keys.find(id, algorithm);
    if (!found.isEmpty()) {
      return found;
    }
    found = source.refreshed().find(id, algorithm);
    if (found.isEmpty()) {
      throw new TokenRefused("the token's key is not known");
    }
    return found;
  }

  private Claims check(JsonNode body) throws TokenRefused {
    if (!body.path("iss").asText().equals(issuer)) {
      throw new TokenRefused("the token is of another issuer");
    }
    if (!isForUs(body.path("aud"))) {
      throw new TokenRefused("the token is for another audience");
    }
    Instant now = clock.instant();
    Instant expires = time(body, "exp").orElseThrow(() -> new TokenRefused("no end to the token"));
    if (!now.isBefore(expires.plus(LEEWAY))) {
      throw new TokenRefused("the token has expired");
    }
    for (String start : List.of("nbf", "iat")) {
      Optional<Instant> begins = time(body, start);
      if (begins.isPresent() && now.plus(LEEWAY).isBefore(begins.get())) {
        throw new TokenRefused("the token is not valid yet");
      }
    }
    return new Claims(body.path("sub").asText(""), expires.plus(LEEWAY), body);
  }

  private boolean isForUs(JsonNode audience) {
    if (audience.isTextual()) {
      return audiences.contains(audience.asText());
    }
    for (JsonNode one : audience) {
      if (one.isTextual() && audiences.contains(one.asText())) {
        return true;
      }
    }
    return false;
  }

  private static Optional<Instant> time(JsonNode body, String claim) throws TokenRefused {
    JsonNode node = body.get(claim);
    if (node == null) {
      return Optional.empty();
    }
    if (!node.isNumber() || node.asDouble() < 0 || node.asDouble() > Integer.MAX_VALUE * 100.0) {
      throw new TokenRefused("the token's " + claim + " is no time");
    }
    return Optional.of(Instant.ofEpochSecond(node.asLong()));
  }
}
