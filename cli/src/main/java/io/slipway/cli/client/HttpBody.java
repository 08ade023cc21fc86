package io.slipway.cli.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** An answer's body: of a known length, chunked, or until the connection ends. */
final class HttpBody extends InputStream {
  private enum Kind {
    LENGTH,
    CHUNKED,
    UNTIL_CLOSE
  }

  private final InputStream in;
  private final Kind kind;

  /** Bytes left of the body, or of the current chunk. */
  private long left;

  private boolean ended;
  private boolean first = true;

  HttpBody(InputStream in, HttpHead head, boolean none) {
    this.in = in;
    String length = head.header("content-length");
    if (none || head.status() == 204 || head.status() == 304) {
      this.kind = Kind.LENGTH;
    } else if (head.header("transfer-encoding").equalsIgnoreCase("chunked")) {
      this.kind = Kind.CHUNKED;
    } else if (length.isEmpty()) {
      this.kind = Kind.UNTIL_CLOSE;
    } else {
      this.kind = Kind.LENGTH;
      this.left = Long.parseLong(length);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (kind == Kind.UNTIL_CLOSE) {
      return in.read(buffer, offset, length);
    }
    if (kind == Kind.CHUNKED && left == 0 && !ended) {
      nextChunk();
    }
    if (ended || left == 0) {
      return -1;
    }
    int read = in.read(buffer, offset, (int) Math.min(length, left));
    if (read < 0) {
      throw new EOFException("the daemon closed the connection in the middle of its answer");
    }
    left -= read;
    return read;
  }

  private void nextChunk() throws IOException {
    if (!first && !HttpHead.line(in).isEmpty()) {
      throw new IOException("a chunk of the answer does not end where it says");
    }
    first = false;
    String size = HttpHead.line(in).split(";", 2)[0].trim();
    left = Long.parseLong(size, 16);
    if (left == 0) {
      ended = true;
      while (!HttpHead.line(in).isEmpty()) {
        // trailers say nothing to this client
      }
    }
  }

  @Override
  public int available() throws IOException {
    return (int) Math.min(in.available(), kind == Kind.UNTIL_CLOSE ? Integer.MAX_VALUE : left);
  }
}
