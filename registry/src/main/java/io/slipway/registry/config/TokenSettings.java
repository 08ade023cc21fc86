package io.slipway.registry.config;

import io.slipway.image.error.SlipwayException;
import java.time.Duration;
import java.util.Objects;

/** The registry's own token service. */
public record TokenSettings(
    @Setting(value = "who the tokens say they are from", preset = "slipway") String issuer,
    @Setting(
            value = "who the tokens are for; replicas behind one name share it",
            preset = "slipway-registry")
        String service,
    @Setting(value = "how long a token is valid, at least 60s", preset = "5m") Duration life,
    @Setting(value = "how long a refresh token is valid", preset = "30d") Duration refreshLife,
    @Setting(value = "kind of the signing key that is made at first start", preset = "eddsa")
        KeyKind key) {

  private static final Duration SHORTEST = Duration.ofSeconds(60);

  /** Kinds of signing keys. */
  public enum KeyKind {
    EDDSA,
    ES256
  }

  public TokenSettings {
    Objects.requireNonNull(issuer, "issuer");
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(refreshLife, "refreshLife");
    Objects.requireNonNull(key, "key");
    if (life.compareTo(SHORTEST) < 0) {
      throw SlipwayException.invalid("life: clients want tokens to be valid for at least 60s");
    }
  }
}
