package io.slipway.registry.auth.jwt;

import java.security.Key;
import java.util.Objects;
import java.util.Set;

/**
 * A key whose signatures are believed.
 *
 * @param ids the names a token's {@code kid} may call it by
 * @param algorithm the only one, if the key says so; null for all of its family
 */
record TrustedKey(
    Set<String> ids, Key key, SignatureAlgorithm.Family family, SignatureAlgorithm algorithm) {

  TrustedKey {
    ids = Set.copyOf(ids);
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(family, "family");
  }

  boolean serves(SignatureAlgorithm wanted) {
    return wanted.family() == family && (algorithm == null || algorithm == wanted);
  }
}
