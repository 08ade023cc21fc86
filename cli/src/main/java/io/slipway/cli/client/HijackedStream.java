package io.slipway.cli.client;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * An upgraded connection: raw bytes to the process's standard input; its output framed (8-byte
 * header: stream, three zeros, big-endian length) unless it has a terminal.
 */
public final class HijackedStream implements AutoCloseable {
  private final Connection connection;
  private final InputStream in;
  private final OutputStream out;
  private final boolean framed;

  HijackedStream(Connection connection, InputStream in, OutputStream out, boolean framed) {
    this.connection = connection;
    this.in = in;
    this.out = out;
    this.framed = framed;
  }

  /** Where standard input is written to. */
  public OutputStream stdin() {
    return out;
  }

  /** Ends standard input; output goes on. */
  public void endStdin() throws IOException {
    connection.endOutput();
  }

  /** Copies the process's output until it ends. */
  public void copyOutput(OutputStream stdout, OutputStream stderr) throws IOException {
    if (framed) {
      copyFrames(in, stdout, stderr);
    } else {
      copyRaw(stdout);
    }
  }

  private void copyRaw(OutputStream stdout) throws IOException {
    byte[] buffer = new byte[32 * 1024];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      stdout.write(buffer, 0, n);
      stdout.flush();
    }
  }

  /**
   * Copies framed output to two streams.
   *
   * @throws IOException with the daemon's text when it sends its own error frame (stream 3)
   */
  public static void copyFrames(InputStream in, OutputStream stdout, OutputStream stderr)
      throws IOException {
    DataInputStream frames = new DataInputStream(in);
    byte[] buffer = new byte[32 * 1024];
    for (int stream = frames.read(); stream >= 0; stream = frames.read()) {
      frames.skipNBytes(3);
      int left = frames.readInt();
      if (stream == 3) {
        throw new IOException(new String(frames.readNBytes(left)));
      }
      OutputStream target = stream == 2 ? stderr : stdout;
      while (left > 0) {
        int n = frames.read(buffer, 0, Math.min(left, buffer.length));
        if (n < 0) {
          throw new EOFException("the daemon closed the connection in the middle of a frame");
        }
        target.write(buffer, 0, n);
        left -= n;
      }
      target.flush();
    }
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
