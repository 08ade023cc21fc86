package io.slipway.runtime.process;

import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.ProcessCalls;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CompletableFuture;

/**
 * Copies what a process writes into a stream until the last writer is gone. Runs on a platform
 * thread: it blocks in the kernel. Owns and closes the read end.
 *
 * <p>A careful pump takes bytes out of the pipe only after the stream has taken them, and if
 * possible whole lines at a time. So if this program is killed, what it had not passed on is there
 * for the next one that has the pipe, and no line is cut in two.
 */
public final class OutputPump implements Runnable {
  private static final int CHUNK = 64 * 1024;

  private final Fd source;
  private final Fd stopEvent;
  private final OutputStream sink;
  private final boolean careful;
  private final CompletableFuture<Void> done = new CompletableFuture<>();

  private OutputPump(Fd source, OutputStream sink, boolean careful) throws LinuxException {
    this.source = source;
    this.sink = sink;
    this.careful = careful;
    this.stopEvent = FileCalls.eventCounter();
  }

  /**
   * A pump that reads and passes on.
   *
   * @param source read end of a pipe, or a terminal's master
   */
  public static OutputPump plain(Fd source, OutputStream sink) throws LinuxException {
    return new OutputPump(source, sink, false);
  }

  /**
   * A pump that passes on before it takes.
   *
   * @param source read end of a pipe
   */
  public static OutputPump careful(Fd source, OutputStream sink) throws LinuxException {
    return new OutputPump(source, sink, true);
  }

  /** The read end, the pump's own. */
  public Fd source() {
    return source;
  }

  /** Completes when all is copied; exceptionally if the sink refused it. */
  public CompletableFuture<Void> done() {
    return done;
  }

  /** Ends the copying although somebody still holds the other end. */
  public void stop() throws LinuxException {
    synchronized (stopEvent) {
      if (stopEvent.isOpen()) {
        FileCalls.writeFully(stopEvent, new byte[] {1, 0, 0, 0, 0, 0, 0, 0});
      }
    }
  }

  /** Closes a pump that is never run. */
  public void discard() {
    source.close();
    stopEvent.close();
    done.complete(null);
  }

  @Override
  public void run() {
    Throwable problem = null;
    try (Arena arena = Arena.ofConfined();
        PipeReader reader =
            careful ? new PipeReader.Careful(source) : new PipeReader.Plain(source)) {
      copy(reader, arena.allocate(CHUNK));
      sink.flush();
    } catch (IOException | RuntimeException e) {
      problem = e;
    } finally {
      // Closing our end first lets a process that still writes see a broken pipe.
      source.close();
      synchronized (stopEvent) {
        stopEvent.close();
      }
      finish(problem);
    }
  }

  private void finish(Throwable problem) {
    if (problem == null) {
      done.complete(null);
    } else {
      done.completeExceptionally(problem);
    }
  }

  private void copy(PipeReader reader, MemorySegment buffer) throws IOException {
    byte[] bytes = new byte[CHUNK];
    int[] both = {source.number(), stopEvent.number()};
    while (true) {
      short[] ready = ProcessCalls.poll(both, ProcessCalls.POLLIN, -1);
      if (ready[0] == 0) {
        if (ready[1] != 0) {
          return;
        }
        continue;
      }
      int length = reader.read(buffer);
      if (length == PipeReader.END) {
        return;
      }
      if (length == 0) {
        continue;
      }
      MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, 0, length);
      sink.write(bytes, 0, length);
      reader.taken();
      if (length < CHUNK / 2) {
        sink.flush();
      }
    }
  }
}
