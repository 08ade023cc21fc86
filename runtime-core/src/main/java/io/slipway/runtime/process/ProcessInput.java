package io.slipway.runtime.process;

import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.ProcessCalls;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * What a process reads, as a stream to write to. The descriptor is non-blocking: a write that has
 * to wait does so on a platform thread, because a virtual thread would hold its carrier in the
 * kernel, and two processes that read nothing would stop every virtual thread of a small machine.
 */
public final class ProcessInput extends OutputStream {
  private static final int CHUNK = 64 * 1024;

  private final Fd sink;
  private final ExecutorService blockingThreads;
  private volatile boolean closed;
  private AutoCloseable copy = () -> {};

  /**
   * @param sink non-blocking write end of a pipe, or a duplicate of a terminal's master (whose
   *     input has no end: closing then only stops the typing); owned by this stream
   * @param blockingThreads platform threads for the waiting
   */
  public ProcessInput(Fd sink, ExecutorService blockingThreads) {
    this.sink = sink;
    this.blockingThreads = blockingThreads;
  }

  /** Something that holds the same end, closed with this: or the end of input would not be seen. */
  public void alsoClose(AutoCloseable other) throws IOException {
    synchronized (this) {
      copy = other;
    }
    if (closed) {
      close();
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    if (closed) {
      throw new IOException("standard input is closed");
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment all = arena.allocate(Math.max(1, Math.min(length, CHUNK)));
      for (int done = 0; done < length; ) {
        int size = Math.min(length - done, CHUNK);
        MemorySegment.copy(bytes, offset + done, all, ValueLayout.JAVA_BYTE, 0, size);
        writeChunk(all.asSlice(0, size));
        done += size;
      }
    }
  }

  private void writeChunk(MemorySegment chunk) throws IOException {
    long done = 0;
    while (done < chunk.byteSize()) {
      try {
        done += FileCalls.write(sink, chunk.asSlice(done));
      } catch (LinuxException e) {
        if (!e.is(Errno.EAGAIN)) {
          throw e.is(Errno.EPIPE) || e.is(Errno.EIO) ? new IOException("broken pipe", e) : e;
        }
        waitUntilWritable();
        if (closed) {
          throw new IOException("standard input is closed");
        }
      }
    }
  }

  private void waitUntilWritable() throws IOException {
    Future<?> ready =
        blockingThreads.submit(
            () -> ProcessCalls.poll(new int[] {sink.number()}, ProcessCalls.POLLOUT, 1000));
    try {
      ready.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the process does not read its input");
    } catch (ExecutionException e) {
      throw new IOException("waiting to write standard input", e.getCause());
    }
  }

  /** The end of input. */
  @Override
  public void close() throws IOException {
    closed = true; // seen by a writer that waits, at the latest after a second
    synchronized (this) {
      sink.close();
      try {
        copy.close();
      } catch (IOException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException("closing standard input", e);
      }
      copy = () -> {};
    }
  }
}
