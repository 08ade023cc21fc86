package io.slipway.builder.cache;

import io.slipway.builder.graph.Identity;
import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Objects;

/** The name under which a step's result is known. */
public record CacheKey(Digest digest) {
  /** Raised when the meaning of equal identities changes, so that old results are not found. */
  private static final String VERSION = "slipway build key 1";

  public CacheKey {
    Objects.requireNonNull(digest, "digest");
  }

  /** The key of an operation on inputs with these digests: their keys, or of what they hold. */
  public static CacheKey of(Identity identity, List<Digest> inputs) {
    MessageDigest state = DigestAlgorithm.SHA256.newDigest();
    state.update(VERSION.getBytes(StandardCharsets.US_ASCII));
    state.update(identity.digest().toString().getBytes(StandardCharsets.US_ASCII));
    for (Digest input : inputs) {
      state.update(input.toString().getBytes(StandardCharsets.US_ASCII));
    }
    return new CacheKey(Digest.of(DigestAlgorithm.SHA256, state));
  }

  @Override
  public String toString() {
    return digest.toString();
  }
}
