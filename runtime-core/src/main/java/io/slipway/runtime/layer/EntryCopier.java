package io.slipway.runtime.layer;

import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.LinuxException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Copies single entries between directories, without following links on either side. */
public final class EntryCopier {
  private static final long RANGE = 1L << 30;
  private static final int BUFFER = 64 * 1024;

  private EntryCopier() {}

  /**
   * Copies a file, link, device or fifo to a name that must be free, with these metadata. A
   * directory is made empty. A socket is a {@link LinuxException} {@code EINVAL}: no file can be
   * made of it.
   *
   * @param metadata what the copy gets; its time stays right only for a directory that nothing is
   *     put in afterwards
   */
  public static void copy(Dir from, String name, Dir to, String newName, Metadata metadata)
      throws LinuxException {
    FileStatus status =
        from.status(name).orElseThrow(() -> new LinuxException("statx", name, Errno.ENOENT));
    switch (status.type()) {
      case FileStatus.S_IFREG -> copyContent(from, name, to, newName);
      case FileStatus.S_IFDIR -> to.makeDirectory(newName);
      case FileStatus.S_IFLNK -> to.makeSymlink(newName, from.readLink(name));
      case FileStatus.S_IFCHR, FileStatus.S_IFBLK, FileStatus.S_IFIFO ->
          to.makeNode(newName, status.type() | metadata.permissions(), status.deviceNode());
      default -> throw new LinuxException("copy", name, Errno.EINVAL);
    }
    to.apply(newName, metadata);
  }

  private static void copyContent(Dir from, String name, Dir to, String newName)
      throws LinuxException {
    try (Fd source = from.openFile(name);
        Fd target = to.createFile(newName)) {
      copyContent(source, target);
    }
  }

  /**
   * Copies from the source's position to its end: inside the kernel where it can, which shares the
   * blocks on file systems that are able to.
   */
  public static void copyContent(Fd source, Fd target) throws LinuxException {
    boolean first = true;
    while (true) {
      long copied;
      try {
        copied = FileCalls.copyRange(source, target, RANGE);
      } catch (LinuxException e) {
        if (first && isUnable(e)) {
          copyByHand(source, target);
          return;
        }
        throw e;
      }
      if (copied == 0) {
        if (first) {
          // Some file systems (proc, sysfs) say 0 although there is something to read.
          copyByHand(source, target);
        }
        return;
      }
      first = false;
    }
  }

  private static boolean isUnable(LinuxException e) {
    return e.is(Errno.EXDEV)
        || e.is(Errno.EINVAL)
        || e.is(Errno.EOPNOTSUPP)
        || e.is(Errno.ENOSYS)
        || e.is(Errno.EPERM);
  }

  private static void copyByHand(Fd source, Fd target) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(BUFFER);
      while (true) {
        long n = FileCalls.read(source, buffer);
        if (n == 0) {
          return;
        }
        FileCalls.writeFully(target, buffer.asSlice(0, n));
      }
    }
  }
}
