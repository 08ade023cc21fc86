package io.slipway.runtime.layer;

import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.TreeCalls;
import java.lang.foreign.MemorySegment;

/**
 * A file that an earlier archive left: it has this one name and no extended attributes.
 *
 * @param dir where it is; not this object's to close
 * @param file open for reading
 */
public record FormerFile(Dir dir, String name, Fd file) implements AutoCloseable {

  /**
   * Whether its next bytes are the given ones.
   *
   * @param scratch as large as {@code expected} at least
   */
  boolean continuesWith(MemorySegment expected, MemorySegment scratch) throws LinuxException {
    long done = 0;
    while (done < expected.byteSize()) {
      long n = FileCalls.read(file, scratch.asSlice(0, expected.byteSize() - done));
      if (n == 0 || expected.asSlice(done, n).mismatch(scratch.asSlice(0, n)) >= 0) {
        return false;
      }
      done += n;
    }
    return true;
  }

  /** Copies the bytes it begins with. */
  void copyStart(Fd to, long bytes) throws LinuxException {
    long left = bytes;
    try (Fd fromStart = dir.openFile(name)) {
      while (left > 0) {
        long n = FileCalls.copyRange(fromStart, to, left);
        if (n == 0) {
          throw new IllegalStateException("\"" + name + "\" became shorter while it was read");
        }
        left -= n;
      }
    }
  }

  /** Moves it to a name that is free, else EEXIST. */
  void moveTo(Dir into, String newName) throws LinuxException {
    TreeCalls.rename(
        dir.fd().number(), name, into.fd().number(), newName, OpenFlags.RENAME_NOREPLACE);
  }

  @Override
  public void close() {
    file.close();
  }
}
