package io.slipway.runtime.linux;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Opening, reading, writing and copying descriptors. */
public final class FileCalls {
  /** Command of {@link #fcntl}: sets the status flags, for example {@code O_NONBLOCK}. */
  public static final int F_SETFL = 4;

  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int FIRST_ABOVE_STANDARD = 3;
  private static final int TEXT_BUFFER = 4096;

  private FileCalls() {}

  /** Opens a path as the JVM sees it; close-on-exec is always added. */
  public static Fd open(Path path, int flags, int mode) throws LinuxException {
    return openAt(OpenFlags.AT_FDCWD, path.toString(), flags, mode);
  }

  public static Fd openAt(Fd directory, String name, int flags, int mode) throws LinuxException {
    return openAt(directory.number(), name, flags, mode);
  }

  /** {@code openat} with a raw directory number ({@link OpenFlags#AT_FDCWD}). */
  public static Fd openAt(int directory, String name, int flags, int mode) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      long path = PathBytes.allocate(arena, name).address();
      return fd(
          retrying(SystemCall.OPENAT, name, directory, path, flags | OpenFlags.O_CLOEXEC, mode));
    }
  }

  /**
   * {@code openat2}: opens under resolve rules that the kernel enforces.
   *
   * @param resolve {@code RESOLVE_*} flags, for example {@link OpenFlags#RESOLVE_IN_ROOT}
   */
  public static Fd openAt2(Fd directory, String name, int flags, int mode, long resolve)
      throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment how = arena.allocate(24, 8);
      how.set(ValueLayout.JAVA_LONG, 0, flags | OpenFlags.O_CLOEXEC);
      how.set(ValueLayout.JAVA_LONG, 8, mode);
      how.set(ValueLayout.JAVA_LONG, 16, resolve);
      long path = PathBytes.allocate(arena, name).address();
      return fd(retrying(SystemCall.OPENAT2, name, directory.number(), path, how.address(), 24));
    }
  }

  /** Reads up to the segment's size; 0 at the end of the file. */
  public static long read(Fd fd, MemorySegment into) throws LinuxException {
    return retrying(SystemCall.READ, fd.toString(), fd.number(), into.address(), into.byteSize());
  }

  /**
   * A kernel's file of text, read whole. Unlike the JDK's reading it fails with the error's number,
   * such as {@code ENODEV} of a cgroup that has gone.
   */
  public static String readText(Path path) throws LinuxException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (Fd file = open(path, OpenFlags.O_RDONLY, 0);
        Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(TEXT_BUFFER);
      for (long length = read(file, buffer); length > 0; length = read(file, buffer)) {
        text.writeBytes(buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
      }
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  /** Writes as much as the kernel takes, which may be less than the segment. */
  public static long write(Fd fd, MemorySegment from) throws LinuxException {
    return retrying(SystemCall.WRITE, fd.toString(), fd.number(), from.address(), from.byteSize());
  }

  /** Writes everything, in as many calls as it takes. */
  public static void writeFully(Fd fd, MemorySegment from) throws LinuxException {
    long done = 0;
    while (done < from.byteSize()) {
      done += write(fd, from.asSlice(done));
    }
  }

  public static void writeFully(Fd fd, byte[] bytes) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      writeFully(fd, arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes));
    }
  }

  /**
   * {@code copy_file_range} at the files' own positions.
   *
   * @return bytes copied, 0 at the end of the source
   */
  public static long copyRange(Fd from, Fd to, long length) throws LinuxException {
    return retrying(
        SystemCall.COPY_FILE_RANGE, from.toString(), from.number(), 0, to.number(), 0, length);
  }

  /** Moves bytes between a pipe and any descriptor inside the kernel; 0 at the end. */
  public static long splice(Fd from, Fd to, long length, int flags) throws LinuxException {
    return retrying(
        SystemCall.SPLICE, from.toString(), from.number(), 0, to.number(), 0, length, flags);
  }

  /** Copies what is in one pipe into another and leaves it there; 0 when nobody writes any more. */
  public static long tee(Fd from, Fd to, long length, int flags) throws LinuxException {
    return retrying(SystemCall.TEE, from.toString(), from.number(), to.number(), length, flags);
  }

  public static void sync(Fd fd) throws LinuxException {
    Kernel.call(SystemCall.FSYNC, fd.toString(), fd.number());
  }

  public static void syncData(Fd fd) throws LinuxException {
    Kernel.call(SystemCall.FDATASYNC, fd.toString(), fd.number());
  }

  public static void truncate(Fd fd, long size) throws LinuxException {
    Kernel.call(SystemCall.FTRUNCATE, fd.toString(), fd.number(), size);
  }

  /** Both ends of a new pipe. */
  public record Pipe(Fd readEnd, Fd writeEnd) implements AutoCloseable {
    @Override
    public void close() {
      readEnd.close();
      writeEnd.close();
    }
  }

  /** A close-on-exec pipe; {@code flags} may add {@link OpenFlags#O_NONBLOCK}. */
  public static Pipe pipe(int flags) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment both = arena.allocate(8, 4);
      Kernel.call(SystemCall.PIPE2, "", both.address(), flags | OpenFlags.O_CLOEXEC);
      return new Pipe(
          new Fd(both.get(ValueLayout.JAVA_INT, 0)), new Fd(both.get(ValueLayout.JAVA_INT, 4)));
    }
  }

  /** Another descriptor for the same open file, never one of the three standard numbers. */
  public static Fd duplicate(Fd fd) throws LinuxException {
    return fd(
        Kernel.call(
            SystemCall.FCNTL, fd.toString(), fd.number(), F_DUPFD_CLOEXEC, FIRST_ABOVE_STANDARD));
  }

  public static long fcntl(Fd fd, int command, long argument) throws LinuxException {
    return Kernel.call(SystemCall.FCNTL, fd.toString(), fd.number(), command, argument);
  }

  public static long ioctl(Fd fd, long request, long argument) throws LinuxException {
    return Kernel.call(SystemCall.IOCTL, fd.toString(), fd.number(), request, argument);
  }

  /** An anonymous file in memory; {@code name} shows in /proc only. */
  public static Fd memory(String name) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      long path = PathBytes.allocate(arena, name).address();
      return fd(Kernel.call(SystemCall.MEMFD_CREATE, name, path, 1));
    }
  }

  /** An event counter: a read waits until it is positive and takes its value. */
  public static Fd eventCounter() throws LinuxException {
    return fd(Kernel.call(SystemCall.EVENTFD2, "", 0, OpenFlags.O_CLOEXEC));
  }

  /** What a file system is, and how much room it has. */
  public record FileSystemState(long type, long blockSize, long blocks, long availableBlocks) {}

  public static FileSystemState statFileSystem(Path path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(120, 8);
      long name = PathBytes.allocate(arena, path.toString()).address();
      Kernel.call(SystemCall.STATFS, path.toString(), name, state.address());
      return new FileSystemState(
          state.get(ValueLayout.JAVA_LONG, 0),
          state.get(ValueLayout.JAVA_LONG, 8),
          state.get(ValueLayout.JAVA_LONG, 16),
          state.get(ValueLayout.JAVA_LONG, 32));
    }
  }

  static Fd fd(long number) {
    return new Fd((int) number);
  }

  static long retrying(SystemCall call, String argument, long... args) throws LinuxException {
    while (true) {
      long result = Kernel.tryCall(call, args);
      if (result >= 0) {
        return result;
      }
      Errno errno = Errno.of((int) -result);
      if (errno != Errno.EINTR) {
        throw new LinuxException(call.label(), argument, errno);
      }
    }
  }
}
