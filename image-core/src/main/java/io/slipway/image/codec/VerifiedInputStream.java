package io.slipway.image.codec;

import io.slipway.image.error.DigestMismatchException;
import io.slipway.image.model.Digest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Objects;

/**
 * Hashes what is read and says at the end whether it was the content that was promised. Reading the
 * last byte proves nothing by itself: call {@link #verify} before trusting what was read.
 */
public final class VerifiedInputStream extends FilterInputStream {
  private static final int DRAIN_BYTES = 64 << 10;

  private final String subject;
  private final Digest expected;
  private final MessageDigest state;
  private long count;
  private boolean verified;

  /** {@code subject} names the content in the error. */
  public VerifiedInputStream(InputStream source, String subject, Digest expected) {
    super(Objects.requireNonNull(source, "source"));
    this.subject = Objects.requireNonNull(subject, "subject");
    this.expected = Objects.requireNonNull(expected, "expected");
    this.state = expected.algorithm().newDigest();
  }

  @Override
  public int read() throws IOException {
    int value = in.read();
    if (value >= 0) {
      state.update((byte) value);
      count++;
    }
    return value;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = in.read(buffer, offset, length);
    if (read > 0) {
      state.update(buffer, offset, read);
      count += read;
    }
    return read;
  }

  /** Skipped bytes must be hashed too. */
  @Override
  public long skip(long wanted) throws IOException {
    byte[] buffer = new byte[Math.clamp(wanted, 0, DRAIN_BYTES)];
    long skipped = 0;
    while (skipped < wanted) {
      int read = read(buffer, 0, (int) Math.min(buffer.length, wanted - skipped));
      if (read < 0) {
        break;
      }
      skipped += read;
    }
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  /** Number of bytes read so far; after {@link #verify} the size of the content. */
  public long count() {
    return count;
  }

  /** Reads what is left and throws {@link DigestMismatchException} unless all was as promised. */
  public void verify() throws IOException {
    if (verified) {
      return;
    }
    byte[] buffer = new byte[DRAIN_BYTES];
    while (read(buffer, 0, buffer.length) >= 0) {
      // read() hashes
    }
    Digest actual = Digest.of(expected.algorithm(), state);
    if (!actual.equals(expected)) {
      throw new DigestMismatchException(subject, expected.toString(), actual.toString());
    }
    verified = true;
  }
}
