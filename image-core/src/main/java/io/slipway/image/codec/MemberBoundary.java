package io.slipway.image.codec;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;

/**
 * Makes {@code available} say whether the stream has ended. GZIPInputStream asks it at the end of a
 * member to learn whether another follows, and a socket that says 0 would end the content early.
 */
final class MemberBoundary extends PushbackInputStream {
  MemberBoundary(InputStream source) {
    super(source, 1);
  }

  @Override
  public int available() throws IOException {
    int next = read();
    if (next < 0) {
      return 0;
    }
    unread(next);
    return Math.max(1, super.available());
  }
}
