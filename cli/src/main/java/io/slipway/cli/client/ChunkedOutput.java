package io.slipway.cli.client;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes a request body in HTTP chunks of at most 64 KiB. */
final class ChunkedOutput extends OutputStream {
  /** The peer stopped reading. */
  static final class ConnectionEnded extends IOException {
    ConnectionEnded(IOException cause) {
      super("the daemon stopped reading the request", cause);
    }
  }

  private final OutputStream out;
  private final byte[] buffer = new byte[64 * 1024];
  private int used;

  ChunkedOutput(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int b) throws IOException {
    if (used == buffer.length) {
      flushChunk();
    }
    buffer[used++] = (byte) b;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int at = offset;
    while (at < offset + length) {
      if (used == buffer.length) {
        flushChunk();
      }
      int n = Math.min(buffer.length - used, offset + length - at);
      System.arraycopy(bytes, at, buffer, used, n);
      used += n;
      at += n;
    }
  }

  /** Writes what is left and the last, empty chunk. */
  void finish() throws IOException {
    flushChunk();
    send("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII), 5);
  }

  private void flushChunk() throws IOException {
    if (used == 0) {
      return;
    }
    byte[] size = (Integer.toHexString(used) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    send(size, size.length);
    send(buffer, used);
    send(new byte[] {'\r', '\n'}, 2);
    used = 0;
  }

  private void send(byte[] bytes, int length) throws IOException {
    try {
      out.write(bytes, 0, length);
    } catch (IOException e) {
      throw new ConnectionEnded(e);
    }
  }
}
