package io.slipway.engine.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The end of the pipeline of a hijacked connection: a queue toward the reading thread,
 * back-pressure toward the writing one. Bytes that arrive before anybody reads are kept; when
 * {@link #MAX_BUFFERED} are, the socket is no longer read.
 */
final class HijackedChannel extends ChannelInboundHandlerAdapter implements HijackedStream {
  private static final int MAX_BUFFERED = 512 << 10;

  /** How long a client may take to close its side after we closed ours. */
  private static final long LINGER_MILLIS = 2_000;

  private final Channel channel;
  private final Cancellation closed = new Cancellation();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<byte[]> arrived = new ArrayDeque<>();
  private int buffered;
  private boolean readingStopped;
  private boolean inputEnded;
  private boolean discarding;
  private boolean gone;
  private Throwable failure;

  private final InputStream input = new Input();
  private final OutputStream output = new Output();

  HijackedChannel(Channel channel) {
    this.channel = channel;
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

  /**
   * Ends our side after everything written is sent. What the client still sends is read and dropped
   * until it closes too: closing with unread bytes would reset the connection and could cost the
   * client the tail of its output.
   */
  void finish() {
    if (closed.isCancelled()) {
      return;
    }
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> finishOutput());
  }

  private void finishOutput() {
    boolean over;
    lock.lock();
    try {
      discarding = true;
      arrived.clear();
      buffered = 0;
      over = inputEnded || gone;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (over || !(channel instanceof DuplexChannel duplex)) {
      channel.close();
      return;
    }
    channel.config().setAutoRead(true);
    duplex.shutdownOutput();
    channel.eventLoop().schedule(() -> channel.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf bytes) {
      byte[] copy = new byte[bytes.readableBytes()];
      bytes.readBytes(copy);
      keep(copy);
    }
    ReferenceCountUtil.release(message);
  }

  private void keep(byte[] bytes) {
    lock.lock();
    try {
      if (discarding || bytes.length == 0) {
        return;
      }
      arrived.add(bytes);
      buffered += bytes.length;
      if (buffered >= MAX_BUFFERED && !readingStopped) {
        readingStopped = true;
        channel.config().setAutoRead(false);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      boolean finished;
      lock.lock();
      try {
        inputEnded = true;
        finished = discarding;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
      if (finished) {
        channel.close();
      }
    }
    ReferenceCountUtil.release(event);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end(null);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    end(cause);
    channel.close();
  }

  private void end(Throwable cause) {
    lock.lock();
    try {
      inputEnded = true;
      gone = true;
      if (failure == null) {
        failure = cause;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    closed.cancel();
  }

  private final class Input extends InputStream {
    private byte[] current;
    private int position;

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
      if (current == null) {
        current = next();
        position = 0;
        if (current == null) {
          return -1;
        }
      }
      int count = Math.min(length, current.length - position);
      System.arraycopy(current, position, target, offset, count);
      position += count;
      if (position == current.length) {
        current = null;
      }
      return count;
    }

    private byte[] next() throws IOException {
      lock.lock();
      try {
        while (arrived.isEmpty() && !inputEnded && !discarding) {
          changed.await();
        }
        byte[] bytes = arrived.poll();
        if (bytes != null) {
          buffered -= bytes.length;
        }
        if (readingStopped && buffered < MAX_BUFFERED / 2) {
          readingStopped = false;
          channel.config().setAutoRead(true);
        }
        return bytes;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while reading the stream");
      } finally {
        lock.unlock();
      }
    }
  }

  private final class Output extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, source.length);
      if (length == 0) {
        return;
      }
      awaitWritable();
      byte[] copy = java.util.Arrays.copyOfRange(source, offset, offset + length);
      channel
          .writeAndFlush(Unpooled.wrappedBuffer(copy))
          .addListener(sent -> {
            if (!sent.isSuccess()) {
              end(sent.cause());
            }
          });
    }

    private void awaitWritable() throws IOException {
      lock.lock();
      try {
        while (!gone && !channel.isWritable()) {
          changed.await();
        }
        if (gone || discarding) {
          throw new IOException("client went away", failure);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while writing the stream");
      } finally {
        lock.unlock();
      }
    }
  }
}
