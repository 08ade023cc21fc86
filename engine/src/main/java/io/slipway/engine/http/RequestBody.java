package io.slipway.engine.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A request's body for a blocking reader. The connection is read only as far as {@link #WINDOW}
 * buffers ahead of the reader, so that a client can be no faster than its handler.
 */
final class RequestBody extends InputStream {
  /** Buffers asked for ahead of the reader; each is at most one chunk of the decoder. */
  private static final int WINDOW = 8;

  private final HttpServerRequest request;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<Buffer> arrived = new ArrayDeque<>();
  private Buffer current;
  private int position;
  private boolean ended;
  private boolean discarding;
  private Throwable failure;

  /** Must be made on the request's event loop, before any of the body is delivered. */
  RequestBody(HttpServerRequest request) {
    this.request = request;
    request.handler(this::add);
    request.endHandler(nothing -> finish(null));
    request.exceptionHandler(this::finish);
    request.pause();
    request.fetch(WINDOW);
  }

  private void add(Buffer buffer) {
    lock.lock();
    try {
      if (!discarding) {
        arrived.add(buffer);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void finish(Throwable cause) {
    lock.lock();
    try {
      ended = true;
      failure = cause;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Lets the rest of the body flow to nowhere; true when nothing was left. */
  boolean discard() {
    lock.lock();
    try {
      boolean complete = ended && arrived.isEmpty();
      discarding = true;
      arrived.clear();
      changed.signalAll();
      return complete;
    } finally {
      lock.unlock();
      request.resume();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    if (current == null && !next()) {
      return -1;
    }
    int count = Math.min(length, current.length() - position);
    current.getBytes(position, position + count, target, offset);
    position += count;
    if (position == current.length()) {
      current = null;
    }
    return count;
  }

  /** Waits for a non-empty buffer; false at the end of the body. */
  private boolean next() throws IOException {
    lock.lock();
    try {
      while (true) {
        Buffer buffer = arrived.poll();
        if (buffer != null) {
          request.fetch(1);
          if (buffer.length() > 0) {
            current = buffer;
            position = 0;
            return true;
          }
        } else if (failure != null) {
          throw new ClientGoneException("client went away while sending the request body", failure);
        } else if (ended || discarding) {
          return false;
        } else {
          changed.await();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.io.InterruptedIOException("interrupted while reading the request body");
    } finally {
      lock.unlock();
    }
  }
}
