package io.slipway.runtime.layer;

import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.TreeCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.UnaryOperator;

/**
 * Copies regular files in as few system calls as it takes: a build copies tens of thousands of
 * small ones. For one thread.
 */
public final class FileCopier implements AutoCloseable {
  private static final int BUFFER = 64 << 10;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment buffer = arena.allocate(BUFFER);

  /**
   * Copies a file to a name that must be free.
   *
   * @param status what the source was found to be
   * @param change what the copy gets in the place of the source's owner, mode, time and attributes
   */
  public void copy(
      Dir from,
      String name,
      FileStatus status,
      Dir to,
      String newName,
      UnaryOperator<Metadata> change)
      throws LinuxException {
    try (Fd source = from.openFile(name);
        Fd target = to.createFile(newName)) {
      if (status.size() > 0 && status.size() < BUFFER) {
        copySmall(source, target);
      } else {
        EntryCopier.copyContent(source, target);
      }
      Metadata wanted = change.apply(Metadata.of(status, from.xattrs(name, source)));
      // in this order: a change of owner clears set-id bits and capabilities
      TreeCalls.changeOwner(target, wanted.uid(), wanted.gid());
      to.setXattrs(newName, wanted.xattrs());
      TreeCalls.changeMode(target, wanted.permissions());
      TreeCalls.setModified(target, wanted.modified().seconds(), wanted.modified().nanos());
    }
  }

  private void copySmall(Fd source, Fd target) throws LinuxException {
    long count;
    do {
      count = FileCalls.read(source, buffer);
      FileCalls.writeFully(target, buffer.asSlice(0, count));
      // a regular file gives less than was asked for only at its end
    } while (count == BUFFER);
  }

  @Override
  public void close() {
    arena.close();
  }
}
