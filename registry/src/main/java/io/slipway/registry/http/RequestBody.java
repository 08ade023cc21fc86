package io.slipway.registry.http;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The body of a request, read by one blocking thread while the event loop receives it. At most
 * about {@link #HIGH} bytes wait between the two; beyond that the connection is not read, so a slow
 * disk slows the client down instead of filling memory. Before the first {@link #next} only {@link
 * #AHEAD} bytes are taken, which is all of a small body, and from a client that waits for leave to
 * send (100-continue) nothing.
 */
final class RequestBody {
  private static final int HIGH = 1 << 20;
  private static final int LOW = HIGH / 2;
  private static final int AHEAD = 64 << 10;

  /** Bytes in a second that a body has to bring on average, once its patience is used up. */
  private static final long SLOWEST = 50;

  /** So much of a body nobody wants is read away to save the connection; more costs it. */
  private static final long MAX_DISCARD = 8L << 20;

  private final HttpServerRequest request;
  private final Context context;
  private final boolean expectsContinue;
  private final OptionalLong declaredLength;
  private final Duration patience;

  // a lock of java.util.concurrent: waking a virtual thread from a monitor takes one thread more
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Deque<Buffer> waiting = new ArrayDeque<>();
  private int waitingBytes;
  private boolean flowing;
  private long firstNanos;
  private long received;
  private boolean begun;
  private boolean waking;
  private boolean ended;
  private boolean discarding;
  private long discarded;
  private Throwable failure;

  /** Called on the event loop, as soon as the request is there. */
  RequestBody(HttpServerRequest request, Context context, Duration patience) {
    this.request = request;
    this.context = context;
    this.patience = patience;
    String expect = request.getHeader(Headers.EXPECT);
    this.expectsContinue = "100-continue".equalsIgnoreCase(expect);
    this.declaredLength = declared(request.getHeader(Headers.CONTENT_LENGTH));
    this.flowing = !expectsContinue;
    if (expectsContinue) {
      request.pause();
    }
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
  ByteBuffer next() throws IOException {
    lock.lock();
    try {
      if (!begun) {
        begun = true;
        if (expectsContinue) {
          context.runOnContext(now -> giveLeave());
        }
      }
      resumeIfDrained();
      while (waiting.isEmpty() && !ended && failure == null) {
        arrived.await();
      }
      Buffer piece = waiting.poll();
      if (piece == null) {
        if (failure != null) {
          throw new IOException("the client went away: " + failure.getMessage(), failure);
        }
        return null;
      }
      waitingBytes -= piece.length();
      resumeIfDrained();
      return ((BufferInternal) piece).getByteBuf().nioBuffer();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while reading a request", e);
    } finally {
      lock.unlock();
    }
  }

  private void resumeIfDrained() {
    if (!flowing && waitingBytes <= LOW && !ended) {
      flowing = true;
      context.runOnContext(now -> request.resume());
    }
  }

  private void giveLeave() {
    if (!request.response().closed()) {
      request.response().writeContinue();
    }
  }

  private void received(Buffer piece) {
    lock.lock();
    try {
      if (isTrickling(piece.length())) {
        request.connection().close();
        return;
      }
      if (discarding) {
        discarded += piece.length();
        if (discarded > MAX_DISCARD) {
          request.connection().close();
        }
        return;
      }
      waiting.add(piece);
      waitingBytes += piece.length();
      if (waitingBytes >= (begun ? HIGH : AHEAD) && flowing) {
        flowing = false;
        request.pause();
      }
      if (waitingBytes >= LOW) {
        arrived.signal();
      } else if (!waking) {
        // the loop reads several pieces before it runs tasks: wake the reader once for all of them
        waking = true;
        context.runOnContext(now -> wake());
      }
    } finally {
      lock.unlock();
    }
  }

  /** A body that comes byte by byte would hold its upload for as long as it likes. */
  private boolean isTrickling(int length) {
    long now = System.nanoTime();
    if (received == 0) {
      firstNanos = now;
    }
    received += length;
    long nanos = now - firstNanos;
    return nanos > patience.toNanos() && received < nanos / 1_000_000_000 * SLOWEST;
  }

  private void wake() {
    lock.lock();
    try {
      waking = false;
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  private void ended() {
    lock.lock();
    try {
      ended = true;
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  private void failed(Throwable cause) {
    lock.lock();
    try {
      failure = cause;
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Called on the event loop before the answer is written: reads away what was not read. True when
   * the connection must be closed after the answer, because the client may or may not send a body
   * that it was given no leave for.
   */
  boolean discardRest() {
    lock.lock();
    try {
      if (ended || failure != null) {
        return false;
      }
      discarding = true;
      waiting.clear();
      request.resume();
      return expectsContinue && !begun;
    } finally {
      lock.unlock();
    }
  }
}
