package io.slipway.image.model;

import io.slipway.image.error.SlipwayException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;

/**
 * The name of content. The only way to name content in a signature; the algorithm is part of the
 * identity. {@code hex} is lower case and of the algorithm's length, so both parts are safe in a
 * path.
 */
public record Digest(DigestAlgorithm algorithm, String hex) implements Comparable<Digest> {
  private static final int SHORT_LENGTH = 12;

  public Digest {
    Objects.requireNonNull(algorithm, "algorithm");
    Objects.requireNonNull(hex, "hex");
    if (!isHex(algorithm, hex)) {
      throw SlipwayException.invalid("invalid digest \"" + algorithm.label() + ":" + hex + "\"");
    }
  }

  /** Parses {@code sha256:<64 hex>} or {@code sha512:<128 hex>}; anything else is INVALID. */
  public static Digest parse(String text) {
    return tryParse(text)
        .orElseThrow(() -> SlipwayException.invalid("invalid digest \"" + text + "\""));
  }

  /** As {@link #parse}, empty when {@code text} is not a digest. */
  public static Optional<Digest> tryParse(String text) {
    for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
      String label = algorithm.label();
      if (text.length() == label.length() + 1 + algorithm.hexLength()
          && text.startsWith(label)
          && text.charAt(label.length()) == ':') {
        String hex = text.substring(label.length() + 1);
        return isHex(algorithm, hex) ? Optional.of(new Digest(algorithm, hex)) : Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** The sha256 of {@code content}. */
  public static Digest of(byte[] content) {
    return of(DigestAlgorithm.SHA256, content);
  }

  public static Digest of(DigestAlgorithm algorithm, byte[] content) {
    return finish(algorithm, algorithm.newDigest(), content);
  }

  /** The digest of what {@code state} has been fed; resets {@code state}. */
  public static Digest of(DigestAlgorithm algorithm, MessageDigest state) {
    return new Digest(algorithm, HexFormat.of().formatHex(state.digest()));
  }

  /** A digest given as bare hexadecimal sha256, as docker archives and image ids print it. */
  public static Digest sha256(String hex) {
    return new Digest(DigestAlgorithm.SHA256, hex);
  }

  /** The first 12 characters of the hash, as docker shows ids. */
  public String shortHex() {
    return hex.substring(0, SHORT_LENGTH);
  }

  @Override
  public int compareTo(Digest other) {
    int byAlgorithm = algorithm.compareTo(other.algorithm);
    return byAlgorithm != 0 ? byAlgorithm : hex.compareTo(other.hex);
  }

  /** {@code algorithm:hex}. */
  @Override
  public String toString() {
    return algorithm.label() + ":" + hex;
  }

  private static Digest finish(DigestAlgorithm algorithm, MessageDigest state, byte[] content) {
    state.update(content);
    return of(algorithm, state);
  }

  private static boolean isHex(DigestAlgorithm algorithm, String hex) {
    if (hex.length() != algorithm.hexLength()) {
      return false;
    }
    for (int i = 0; i < hex.length(); i++) {
      char c = hex.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }
}
