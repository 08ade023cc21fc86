package io.slipway.image.codec;

import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;

/** Counts and hashes what passes through. */
public final class DigestingOutputStream extends FilterOutputStream {
  private final DigestAlgorithm algorithm;
  private final MessageDigest state;
  private long count;

  public DigestingOutputStream(OutputStream target) {
    this(target, DigestAlgorithm.SHA256);
  }

  public DigestingOutputStream(OutputStream target, DigestAlgorithm algorithm) {
    super(target);
    this.algorithm = algorithm;
    this.state = algorithm.newDigest();
  }

  @Override
  public void write(int value) throws IOException {
    out.write(value);
    state.update((byte) value);
    count++;
  }

  @Override
  public void write(byte[] buffer, int offset, int length) throws IOException {
    out.write(buffer, offset, length);
    state.update(buffer, offset, length);
    count += length;
  }

  /** Number of bytes that passed. */
  public long count() {
    return count;
  }

  /** The digest of what passed; call once, at the end. */
  public Digest digest() {
    return Digest.of(algorithm, state);
  }
}
