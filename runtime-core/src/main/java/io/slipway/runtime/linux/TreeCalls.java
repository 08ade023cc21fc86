package io.slipway.runtime.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * The {@code *at} calls that make, link, rename, remove and describe names in a directory. Every
 * name is relative to a directory descriptor; {@code directory} may be {@link OpenFlags#AT_FDCWD}.
 */
public final class TreeCalls {
  private static final int STATX_BASIC_STATS = 0x7FF;

  /** As the nanoseconds of a time in {@link #setTimes}: leave that time alone. */
  public static final int UTIME_OMIT = (1 << 30) - 2;

  private TreeCalls() {}

  public static void makeDirectory(int directory, String name, int mode) throws LinuxException {
    withName(SystemCall.MKDIRAT, directory, name, mode);
  }

  /**
   * Makes a device, fifo or socket.
   *
   * @param mode type ({@link FileStatus#S_IFCHR}...) and permission bits, masked by the umask
   * @param device as {@link DeviceNumber#of} makes it
   */
  public static void makeNode(int directory, String name, int mode, long device)
      throws LinuxException {
    withName(SystemCall.MKNODAT, directory, name, mode, device);
  }

  public static void makeSymlink(String target, int directory, String name) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      long to = PathBytes.allocate(arena, target).address();
      long path = PathBytes.allocate(arena, name).address();
      Kernel.call(SystemCall.SYMLINKAT, name, to, directory, path);
    }
  }

  /** Hard link; {@code flags} 0 links a symlink itself. */
  public static void link(int oldDirectory, String oldName, int directory, String name, int flags)
      throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      long from = PathBytes.allocate(arena, oldName).address();
      long to = PathBytes.allocate(arena, name).address();
      Kernel.call(SystemCall.LINKAT, name, oldDirectory, from, directory, to, flags);
    }
  }

  /** {@code renameat2}; flags {@link OpenFlags#RENAME_NOREPLACE}, {@code RENAME_EXCHANGE} or 0. */
  public static void rename(int oldDirectory, String oldName, int directory, String name, int flags)
      throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      long from = PathBytes.allocate(arena, oldName).address();
      long to = PathBytes.allocate(arena, name).address();
      Kernel.call(SystemCall.RENAMEAT2, oldName, oldDirectory, from, directory, to, flags);
    }
  }

  /** Removes a name; {@link OpenFlags#AT_REMOVEDIR} for an empty directory. */
  public static void unlink(int directory, String name, int flags) throws LinuxException {
    withName(SystemCall.UNLINKAT, directory, name, flags);
  }

  /** Changes owner and group; minus one leaves either alone. */
  public static void changeOwner(int directory, String name, int uid, int gid, int flags)
      throws LinuxException {
    withName(SystemCall.FCHOWNAT, directory, name, uid, gid, flags);
  }

  /** Sets permission bits; follows a symlink (the kernel has no mode of its own for links). */
  public static void changeMode(int directory, String name, int mode) throws LinuxException {
    withName(SystemCall.FCHMODAT, directory, name, mode);
  }

  /** Sets access and modification time; {@link #UTIME_OMIT} as nanoseconds leaves one alone. */
  public static void setTimes(
      int directory,
      String name,
      long atimeSeconds,
      int atimeNanos,
      long mtimeSeconds,
      int mtimeNanos,
      int flags)
      throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment times = times(arena, atimeSeconds, atimeNanos, mtimeSeconds, mtimeNanos);
      // An empty name with AT_EMPTY_PATH means the descriptor itself, null does on older kernels.
      long path = PathBytes.allocate(arena, name).address();
      Kernel.call(SystemCall.UTIMENSAT, name, directory, path, times.address(), flags);
    }
  }

  /** Changes owner and group of an open file. */
  public static void changeOwner(Fd file, int uid, int gid) throws LinuxException {
    Kernel.call(SystemCall.FCHOWN, file.toString(), file.number(), uid, gid);
  }

  /** Sets permission bits of an open file. */
  public static void changeMode(Fd file, int mode) throws LinuxException {
    Kernel.call(SystemCall.FCHMOD, file.toString(), file.number(), mode);
  }

  /** Sets access and modification time of an open file. */
  public static void setModified(Fd file, long seconds, int nanos) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment times = times(arena, seconds, nanos, seconds, nanos);
      // no name: the descriptor itself
      Kernel.call(SystemCall.UTIMENSAT, file.toString(), file.number(), 0, times.address(), 0);
    }
  }

  /** Two {@code timespec}: access, then modification. */
  private static MemorySegment times(
      Arena arena, long atimeSeconds, int atimeNanos, long mtimeSeconds, int mtimeNanos) {
    MemorySegment times = arena.allocate(32, 8);
    times.set(ValueLayout.JAVA_LONG, 0, atimeSeconds);
    times.set(ValueLayout.JAVA_LONG, 8, atimeNanos);
    times.set(ValueLayout.JAVA_LONG, 16, mtimeSeconds);
    times.set(ValueLayout.JAVA_LONG, 24, mtimeNanos);
    return times;
  }

  public static String readLink(int directory, String name) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment target = arena.allocate(4096);
      long path = PathBytes.allocate(arena, name).address();
      long length =
          Kernel.call(SystemCall.READLINKAT, name, directory, path, target.address(), 4096);
      byte[] bytes = target.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
      return PathBytes.decode(bytes);
    }
  }

  /** {@code statx}; with flags {@link OpenFlags#AT_SYMLINK_NOFOLLOW} a link is not followed. */
  public static FileStatus status(int directory, String name, int flags) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment statx = arena.allocate(FileStatus.STRUCT_BYTES, 8);
      long path = PathBytes.allocate(arena, name).address();
      Kernel.call(
          SystemCall.STATX, name, directory, path, flags, STATX_BASIC_STATS, statx.address());
      return FileStatus.read(statx);
    }
  }

  /** As {@link #status}, but a name that does not exist is an ordinary answer. */
  public static Optional<FileStatus> statusIfPresent(int directory, String name, int flags)
      throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment statx = arena.allocate(FileStatus.STRUCT_BYTES, 8);
      long path = PathBytes.allocate(arena, name).address();
      long result =
          Kernel.tryCall(
              SystemCall.STATX, directory, path, flags, STATX_BASIC_STATS, statx.address());
      if (result == -Errno.ENOENT.number()) {
        return Optional.empty();
      }
      if (result < 0) {
        throw new LinuxException("statx", name, Errno.of((int) -result));
      }
      return Optional.of(FileStatus.read(statx));
    }
  }

  /** Status of an open file. */
  public static FileStatus status(Fd fd) throws LinuxException {
    return status(fd.number(), "", OpenFlags.AT_EMPTY_PATH);
  }

  private static void withName(
      SystemCall call, int directory, String name, long a2, long a3, long a4)
      throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      long path = PathBytes.allocate(arena, name).address();
      Kernel.call(call, name, directory, path, a2, a3, a4);
    }
  }

  private static void withName(SystemCall call, int directory, String name, long a2, long a3)
      throws LinuxException {
    withName(call, directory, name, a2, a3, 0);
  }

  private static void withName(SystemCall call, int directory, String name, long a2)
      throws LinuxException {
    withName(call, directory, name, a2, 0, 0);
  }
}
