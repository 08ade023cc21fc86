package io.slipway.registry.auth.jwt;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The keys of one issuer.
 *
 * @param certificates trust anchors for tokens that bring their certificate ({@code x5c})
 */
record KeySet(List<TrustedKey> keys, CertificateBundle certificates) {
  KeySet {
    keys = List.copyOf(keys);
    Objects.requireNonNull(certificates, "certificates");
  }

  /** The keys a header may mean: by name when it has one, else all that serve the algorithm. */
  List<TrustedKey> find(Optional<String> id, SignatureAlgorithm algorithm) {
    return keys.stream()
        .filter(k -> k.serves(algorithm))
        .filter(k -> id.isEmpty() || k.ids().contains(id.get()))
        .toList();
  }
}
