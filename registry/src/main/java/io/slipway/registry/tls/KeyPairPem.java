package io.slipway.registry.tls;

import java.util.Objects;

/** A certificate chain and its private key, both in PEM. */
public record KeyPairPem(String certificates, String key) {
  public KeyPairPem {
    Objects.requireNonNull(certificates, "certificates");
    Objects.requireNonNull(key, "key");
  }

  /** Not the key. */
  @Override
  public String toString() {
    return "certificate and key";
  }
}
