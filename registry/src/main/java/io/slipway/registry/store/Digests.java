package io.slipway.registry.store;

import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;

/** Digests as requests spell them: a malformed or unknown one is the client's DIGEST_INVALID. */
public final class Digests {
  private Digests() {}

  public static Digest parse(String text) {
    return Digest.tryParse(text)
        .orElseThrow(() -> RegistryFault.of(ErrorCode.DIGEST_INVALID, "invalid digest", text));
  }

  public static DigestAlgorithm algorithm(String label) {
    for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
      if (algorithm.label().equals(label)) {
        return algorithm;
      }
    }
    throw RegistryFault.of(ErrorCode.DIGEST_INVALID, "unsupported digest algorithm", label);
  }
}
