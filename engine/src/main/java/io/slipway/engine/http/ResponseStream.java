package io.slipway.engine.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A chunked response for a blocking writer: at most {@link #MAX_IN_FLIGHT} bytes wait for the
 * socket, then the writer does.
 */
final class ResponseStream extends OutputStream {
  private static final int MAX_IN_FLIGHT = 1 << 20;
  private static final int MAX_PIECE = 256 << 10;

  private final HttpServerResponse response;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long inFlight;
  private Throwable failure;

  ResponseStream(HttpServerResponse response) {
    this.response = response;
  }

  /** Sends the status line and headers now. */
  void commit() {
    response.writeHead();
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, source.length);
    int at = offset;
    int left = length;
    while (left > 0) {
      int piece = Math.min(left, MAX_PIECE);
      reserve(piece);
      response
          .write(Buffer.buffer(piece).appendBytes(source, at, piece))
          .onComplete(done -> release(piece, done.cause()));
      at += piece;
      left -= piece;
    }
  }

  private void reserve(int bytes) throws IOException {
    lock.lock();
    try {
      while (failure == null && inFlight > 0 && inFlight + bytes > MAX_IN_FLIGHT) {
        changed.await();
      }
      if (failure != null) {
        throw new ClientGoneException("client went away", failure);
      }
      inFlight += bytes;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while sending the response");
    } finally {
      lock.unlock();
    }
  }

  private void release(int bytes, Throwable cause) {
    lock.lock();
    try {
      inFlight -= bytes;
      if (cause != null) {
        failure = cause;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Fails the writer that waits, and every later write. */
  void fail(Throwable cause) {
    release(0, cause);
  }
}
