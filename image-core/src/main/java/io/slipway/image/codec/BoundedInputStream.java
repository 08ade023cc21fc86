package io.slipway.image.codec;

import io.slipway.image.error.SlipwayException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Ends with INVALID when more than a number of bytes comes: against content that expands. */
public final class BoundedInputStream extends FilterInputStream {
  private final String subject;
  private final long maxBytes;
  private long count;

  /** {@code subject} names the content in the error. */
  public BoundedInputStream(InputStream source, String subject, long maxBytes) {
    super(source);
    this.subject = subject;
    this.maxBytes = maxBytes;
  }

  @Override
  public int read() throws IOException {
    int value = in.read();
    if (value >= 0) {
      add(1);
    }
    return value;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = in.read(buffer, offset, length);
    if (read > 0) {
      add(read);
    }
    return read;
  }

  @Override
  public long skip(long wanted) throws IOException {
    long skipped = in.skip(wanted);
    add(skipped);
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void add(long more) {
    count += more;
    if (count > maxBytes) {
      throw SlipwayException.invalid(
          subject + " is larger than the limit of " + maxBytes + " bytes");
    }
  }
}
