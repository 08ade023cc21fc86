package io.slipway.engine.http;

import io.netty.channel.Channel;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A connected socket after HTTP. The threads that talk read and write the non-blocking descriptor
 * themselves; the event loop only wakes them (edge-triggered, registered once), so the kernel's
 * buffers are the only ones and back-pressure needs no bookkeeping.
 */
final class HijackedSocket implements HijackedStream, EpollIoHandle {
  /** {@code EPOLLHUP}: both directions are shut; Netty has no name for it. */
  private static final int HANG_UP = 0x10;

  private static final int BUFFER_BYTES = 64 << 10;

  /** How long a client may take to close its side after we closed ours. */
  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Channel channel;
  private final Socket socket;
  private final Cancellation closed = new Cancellation();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition edge = lock.newCondition();
  private final Input input;
  private final Output output = new Output();
  private IoRegistration registration;
  private long edges;
  private boolean over;

  private HijackedSocket(Channel channel, byte[] readAhead) {
    this.channel = channel;
    this.socket = (Socket) ((UnixChannel) channel).fd();
    this.input = new Input(readAhead);
  }

  /** On the event loop: joins the descriptor to it again, now as ours. */
  static void register(
      IoEventLoop loop,
      Channel channel,
      byte[] readAhead,
      CompletableFuture<HijackedSocket> taken) {
    HijackedSocket socket = new HijackedSocket(channel, readAhead);
    loop.register(socket)
        .addListener(registered -> {
          if (!registered.isSuccess()) {
            taken.completeExceptionally(registered.cause());
            return;
          }
          socket.registration = (IoRegistration) registered.getNow();
          socket.registration.submit(
              EpollIoOps.EPOLLIN
                  .with(EpollIoOps.EPOLLOUT)
                  .with(EpollIoOps.EPOLLRDHUP)
                  .with(EpollIoOps.EPOLLET));
          taken.complete(socket);
        });
  }

  @Override
  public InputStream input() {
    return input;
  }

  @Override
  public OutputStream output() {
    return output;
  }

  @Override
  public Cancellation closed() {
    return closed;
  }

  @Override
  public FileDescriptor fd() {
    return socket;
  }

  @Override
  public void handle(IoRegistration ignored, IoEvent event) {
    boolean hungUp = (((EpollIoEvent) event).ops().value() & HANG_UP) != 0;
    lock.lock();
    try {
      edges++;
      edge.signalAll();
    } finally {
      lock.unlock();
    }
    if (hungUp) {
      closed.cancel();
    }
  }

  /**
   * Ends our side after everything written is sent. What the client still sends is read and dropped
   * until it closes too: closing with unread bytes would reset the connection and could cost the
   * client the tail of its output.
   */
  void finish() {
    try {
      if (socket.isOpen() && !closed.isCancelled()) {
        socket.shutdown(false, true);
        input.drain(System.nanoTime() + LINGER_NANOS);
      }
    } catch (IOException e) {
      // the client is gone, which is what this waits for
    } finally {
      close();
    }
  }

  /** Closes both directions; threads that wait are told. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (over) {
        return;
      }
      over = true;
      edges++;
      edge.signalAll();
    } finally {
      lock.unlock();
    }
    registration.cancel();
    // no read or write may use the number of a descriptor that is closed
    input.using.lock();
    output.using.lock();
    try {
      channel.close();
    } finally {
      output.using.unlock();
      input.using.unlock();
    }
    closed.cancel();
  }

  private long edges() {
    lock.lock();
    try {
      return edges;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for an event after {@code seen}; false when the deadline passed (0 means none). */
  private boolean awaitEdge(long seen, long deadline) throws IOException {
    lock.lock();
    try {
      while (edges == seen && !over) {
        if (deadline == 0) {
          edge.await();
        } else if (edge.awaitNanos(deadline - System.nanoTime()) <= 0) {
          return false;
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for the client");
    } finally {
      lock.unlock();
    }
  }

  private final class Input extends InputStream {
    private final ReentrantLock using = new ReentrantLock();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private byte[] readAhead;

    Input(byte[] readAhead) {
      this.readAhead = readAhead;
      buffer.flip();
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
      if (readAhead.length > 0) {
        int count = Math.min(length, readAhead.length);
        System.arraycopy(readAhead, 0, target, offset, count);
        readAhead = java.util.Arrays.copyOfRange(readAhead, count, readAhead.length);
        return count;
      }
      if (!buffer.hasRemaining() && !fill(0)) {
        return -1;
      }
      int count = Math.min(length, buffer.remaining());
      buffer.get(target, offset, count);
      return count;
    }

    private boolean fill(long deadline) throws IOException {
      while (true) {
        long seen = edges();
        int count = receive();
        if (count > 0) {
          buffer.position(0).limit(count);
          return true;
        }
        if (count < 0 || !awaitEdge(seen, deadline)) {
          return false;
        }
      }
    }

    /** Bytes read, 0 when there are none now, negative at the end. */
    private int receive() throws IOException {
      using.lock();
      try {
        return over ? -1 : socket.recv(buffer, 0, buffer.capacity());
      } finally {
        using.unlock();
      }
    }

    private void drain(long deadline) throws IOException {
      while (System.nanoTime() < deadline && fill(deadline)) {
        buffer.position(buffer.limit());
      }
    }
  }

  private final class Output extends OutputStream {
    private final ReentrantLock using = new ReentrantLock();
    private final ReentrantLock writing = new ReentrantLock();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, source.length);
      writing.lock();
      try {
        for (int at = offset; at < offset + length; ) {
          int piece = Math.min(BUFFER_BYTES, offset + length - at);
          buffer.clear().put(source, at, piece).flip();
          sendAll();
          at += piece;
        }
      } finally {
        writing.unlock();
      }
    }

    private void sendAll() throws IOException {
      while (buffer.hasRemaining()) {
        long seen = edges();
        int count = send();
        if (count > 0) {
          buffer.position(buffer.position() + count);
        } else {
          awaitEdge(seen, 0);
        }
      }
    }

    private int send() throws IOException {
      using.lock();
      try {
        if (over) {
          throw new IOException("client went away");
        }
        return socket.send(buffer, buffer.position(), buffer.limit());
      } finally {
        using.unlock();
      }
    }
  }
}
