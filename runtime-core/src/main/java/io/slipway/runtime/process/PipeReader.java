package io.slipway.runtime.process;

import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.LinuxException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** How an {@link OutputPump} gets at what was written. */
interface PipeReader extends AutoCloseable {
  /** Instead of a length: nobody will write any more. */
  int END = -1;

  /** Fills the buffer from its beginning; 0 if there is nothing at the moment. */
  int read(MemorySegment buffer) throws LinuxException;

  /** What was read last has been passed on. */
  void taken() throws LinuxException;

  @Override
  void close();

  /** Takes the bytes at once. */
  record Plain(Fd source) implements PipeReader {
    /** A terminal whose last slave is closed answers EIO: that is its end of file. */
    @Override
    public int read(MemorySegment buffer) throws LinuxException {
      try {
        long length = FileCalls.read(source, buffer);
        return length == 0 ? END : (int) length;
      } catch (LinuxException e) {
        if (e.is(Errno.EIO)) {
          return END;
        }
        if (e.is(Errno.EAGAIN)) {
          return 0;
        }
        throw e;
      }
    }

    @Override
    public void taken() {}

    @Override
    public void close() {}
  }

  /**
   * Looks at the bytes by {@code tee} into a pipe of its own, which copies no page, and takes them
   * when they are passed on. What follows the last newline waits for the next look, unless that is
   * all there is.
   */
  final class Careful implements PipeReader {
    private static final int F_SETPIPE_SZ = 1031;
    private static final int SPLICE_F_NONBLOCK = 2;

    /** So that the writer can go on while a full buffer is passed on. */
    private static final int LARGE_PIPE_BYTES = 256 << 10;

    private final Fd source;
    private final FileCalls.Pipe copy;
    private MemorySegment last = MemorySegment.NULL;
    private boolean enlarged;

    Careful(Fd source) throws LinuxException {
      this.source = source;
      this.copy = FileCalls.pipe(0);
    }

    @Override
    public int read(MemorySegment buffer) throws LinuxException {
      long seen;
      try {
        seen = FileCalls.tee(source, copy.writeEnd(), buffer.byteSize(), SPLICE_F_NONBLOCK);
      } catch (LinuxException e) {
        if (e.is(Errno.EAGAIN)) {
          return 0;
        }
        throw e;
      }
      if (seen == 0) {
        return END;
      }
      readFully(buffer.asSlice(0, seen));
      if (seen >= buffer.byteSize() / 2 && !enlarged) {
        enlarge();
      }
      int length = wholeLines(buffer, (int) seen);
      last = buffer.asSlice(0, length);
      return length;
    }

    private void readFully(MemorySegment into) throws LinuxException {
      for (long done = 0; done < into.byteSize(); ) {
        done += FileCalls.read(copy.readEnd(), into.asSlice(done));
      }
    }

    /** A pipe that cannot be larger stays as it is. */
    private void enlarge() throws LinuxException {
      enlarged = true;
      try {
        FileCalls.fcntl(source, F_SETPIPE_SZ, LARGE_PIPE_BYTES);
      } catch (LinuxException e) {
        if (!e.is(Errno.EPERM) && !e.is(Errno.EBUSY) && !e.is(Errno.ENOMEM)) {
          throw e;
        }
      }
    }

    private static int wholeLines(MemorySegment buffer, int length) {
      for (int i = length - 1; i >= 0; i--) {
        if (buffer.get(ValueLayout.JAVA_BYTE, i) == '\n') {
          return i + 1;
        }
      }
      return length;
    }

    @Override
    public void taken() throws LinuxException {
      for (long done = 0; done < last.byteSize(); ) {
        done += FileCalls.read(source, last.asSlice(done));
      }
      last = MemorySegment.NULL;
    }

    @Override
    public void close() {
      copy.close();
    }
  }
}
