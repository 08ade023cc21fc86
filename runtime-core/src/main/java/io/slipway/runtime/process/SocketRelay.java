package io.slipway.runtime.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Carries what two sockets say to each other. */
public final class SocketRelay {
  private static final int BUFFER_BYTES = 64 << 10;

  private SocketRelay() {}

  /**
   * Carries bytes both ways until both sides have said all. The end of one is passed on to the
   * other, which may still answer; when one breaks off, both are closed.
   */
  public static void between(SocketChannel one, SocketChannel other) throws InterruptedException {
    Thread back = Thread.ofVirtual().start(() -> copy(other, one));
    copy(one, other);
    back.join();
  }

  private static void copy(SocketChannel from, SocketChannel to) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    try {
      while (from.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
        buffer.clear();
      }
      to.shutdownOutput();
    } catch (IOException e) {
      // one side broke off; the other must not wait for it
      close(from);
      close(to);
    }
  }

  /** Closes a socket of which nobody reads or writes any more. */
  public static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // a socket that fails to close is closed all the same
      return;
    }
  }
}
