package io.slipway.engine.container;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A client's view of a container's output: with Docker's 8-byte frame headers that tell stdout from
 * stderr, or raw when there is a terminal. Safe for the two threads that copy output.
 */
final class StreamFrames {
  private static final int HEADER = 8;

  private final OutputStream out;
  private final boolean framed;
  private final ReentrantLock lock = new ReentrantLock();

  StreamFrames(OutputStream out, boolean framed) {
    this.out = out;
    this.framed = framed;
  }

  /** One frame, sent in one write so that a client never sees half a header for long. */
  void write(OutputStreamKind stream, byte[] bytes, int offset, int length) throws IOException {
    lock.lock();
    try {
      if (!framed) {
        out.write(bytes, offset, length);
        return;
      }
      byte[] frame = new byte[HEADER + length];
      frame[0] = (byte) stream.frame();
      frame[4] = (byte) (length >>> 24);
      frame[5] = (byte) (length >>> 16);
      frame[6] = (byte) (length >>> 8);
      frame[7] = (byte) length;
      System.arraycopy(bytes, offset, frame, HEADER, length);
      out.write(frame);
    } finally {
      lock.unlock();
    }
  }

  /** Sends what a buffered stream below still holds. */
  void flush() throws IOException {
    lock.lock();
    try {
      out.flush();
    } finally {
      lock.unlock();
    }
  }
}
