package io.slipway.image.model;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hash functions content may be named by. */
public enum DigestAlgorithm {
  SHA256("sha256", "SHA-256", 64),
  SHA512("sha512", "SHA-512", 128);

  private final String label;
  private final String jcaName;
  private final int hexLength;

  DigestAlgorithm(String label, String jcaName, int hexLength) {
    this.label = label;
    this.jcaName = jcaName;
    this.hexLength = hexLength;
  }

  /** The part of a digest before the colon. */
  public String label() {
    return label;
  }

  /** Number of hexadecimal characters of a digest. */
  public int hexLength() {
    return hexLength;
  }

  /** A fresh hash state. */
  public MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance(jcaName);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the JDK lacks " + jcaName, e);
    }
  }
}
