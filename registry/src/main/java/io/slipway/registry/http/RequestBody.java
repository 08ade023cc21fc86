package io.slipway.registry.http;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;

/**
 * The body of a request, read by one blocking thread while the event loop receives it. At most
 * about {@link #HIGH} bytes wait between the two; beyond that the connection is not read, so a slow
 * disk slows the client down instead of filling memory. Nothing is read before the first {@link
 * #next}, and a client that waits for leave to send (100-continue) gets it only then.
 */
final class RequestBody {
  private static final int HIGH = 1 << 20;
  private static final int LOW = HIGH / 2;

  /** So much of a body nobody wants is read away to save the connection; more costs it. */
  private static final long MAX_DISCARD = 8L << 20;

  private final HttpServerRequest request;
  private final Context context;
  private final boolean expectsContinue;
  private final OptionalLong declaredLength;
  private final Deque<Buffer> waiting = new ArrayDeque<>();
  private int waitingBytes;
  private boolean flowing;
  private boolean begun;
  private boolean ended;
  private boolean discarding;
  private long discarded;
  private Throwable failure;

  /** Called on the event loop, as soon as the request is there. */
  RequestBody(HttpServerRequest request, Context context) {
    this.request = request;
    this.context = context;
    String expect = request.getHeader(Headers.EXPECT);
    this.expectsContinue = "100-continue".equalsIgnoreCase(expect);
    this.declaredLength = declared(request.getHeader(Headers.CONTENT_LENGTH));
    request.pause();
    request.handler(this::received);
    request.endHandler(end -> ended());
    request.exceptionHandler(this::failed);
  }

  private static OptionalLong declared(String contentLength) {
    // Netty has refused anything but a number
    return contentLength == null
        ? OptionalLong.empty()
        : OptionalLong.of(Long.parseLong(contentLength));
  }

  /** Content-Length, if the client sent it. */
  OptionalLong declaredLength() {
    return declaredLength;
  }

  /** The next piece, null at the end; blocks. IOException when the client went away. */
  synchronized ByteBuffer next() throws IOException {
    if (!begun) {
      begun = true;
      flowing = true;
      context.runOnContext(now -> begin());
    }
    while (waiting.isEmpty() && !ended && failure == null) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while reading a request", e);
      }
    }
    Buffer piece = waiting.poll();
    if (piece == null) {
      if (failure != null) {
        throw new IOException("the client went away: " + failure.getMessage(), failure);
      }
      return null;
    }
    waitingBytes -= piece.length();
    if (!flowing && waitingBytes <= LOW && !ended) {
      flowing = true;
      context.runOnContext(now -> request.resume());
    }
    return ((BufferInternal) piece).getByteBuf().nioBuffer();
  }

  private void begin() {
    if (expectsContinue && !request.response().closed()) {
      request.response().writeContinue();
    }
    request.resume();
  }

  private synchronized void received(Buffer piece) {
    if (discarding) {
      discarded += piece.length();
      if (discarded > MAX_DISCARD) {
        request.connection().close();
      }
      return;
    }
    waiting.add(piece);
    waitingBytes += piece.length();
    if (waitingBytes >= HIGH && flowing) {
      flowing = false;
      request.pause();
    }
    notifyAll();
  }

  private synchronized void ended() {
    ended = true;
    notifyAll();
  }

  private synchronized void failed(Throwable cause) {
    failure = cause;
    notifyAll();
  }

  /**
   * Called on the event loop before the answer is written: reads away what was not read. True when
   * the connection must be closed after the answer, because the client may or may not send a body
   * that it was given no leave for.
   */
  synchronized boolean discardRest() {
    if (ended || failure != null) {
      return false;
    }
    discarding = true;
    waiting.clear();
    request.resume();
    return expectsContinue && !begun;
  }
}
