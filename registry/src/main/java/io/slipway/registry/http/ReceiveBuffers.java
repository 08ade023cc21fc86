package io.slipway.registry.http;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.http1.Http1ServerConnection;

/**
 * Lets a connection that sends a lot be read in pieces of up to 256 KiB instead of Netty's 64: the
 * file system writes large pieces with less work per byte. The only class that reaches behind
 * Vert.x's public API, whose own option would also fix the kernel's window and so slow down pushes
 * over long distances.
 */
final class ReceiveBuffers {
  static final int MAX = 256 << 10;
  private static final int MIN = 2 << 10;
  private static final int INITIAL = 8 << 10;

  private ReceiveBuffers() {}

  static void enlarge(HttpConnection connection) {
    if (connection instanceof Http1ServerConnection http1) {
      http1
          .channel()
          .config()
          .setRecvByteBufAllocator(new AdaptiveRecvByteBufAllocator(MIN, INITIAL, MAX));
    }
  }
}
