package io.slipway.runtime.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Extended attributes of the file itself, never of a symlink's target. A file reached only through
 * a descriptor is named by its {@link Fd#path}; a name below a directory descriptor by {@code
 * fd.path().resolve(name)}.
 */
public final class XattrCalls {
  private static final int LIMIT = 64 * 1024;

  private XattrCalls() {}

  public static void set(Path file, String name, byte[] value) throws LinuxException {
    set(file.toString(), name, value);
  }

  /** As {@link #set(Path, String, byte[])}, for names that are not valid UTF-8. */
  public static void set(String file, String name, byte[] value) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      long path = PathBytes.allocate(arena, file).address();
      long key = PathBytes.allocate(arena, name).address();
      long data = arena.allocateFrom(ValueLayout.JAVA_BYTE, value).address();
      Kernel.call(SystemCall.LSETXATTR, file + " " + name, path, key, data, value.length, 0);
    }
  }

  /** The value, empty if the file has no such attribute. */
  public static Optional<byte[]> get(Path file, String name) throws LinuxException {
    return get(file.toString(), name);
  }

  public static Optional<byte[]> get(String file, String name) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      long path = PathBytes.allocate(arena, file).address();
      long key = PathBytes.allocate(arena, name).address();
      MemorySegment value = arena.allocate(LIMIT);
      long length = Kernel.tryCall(SystemCall.LGETXATTR, path, key, value.address(), LIMIT);
      if (length < 0) {
        Errno errno = Errno.of((int) -length);
        if (errno == Errno.ENODATA || errno == Errno.EOPNOTSUPP) {
          return Optional.empty();
        }
        throw new LinuxException("lgetxattr", file + " " + name, errno);
      }
      return Optional.of(value.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
    }
  }

  /** Names of all attributes; an empty list where the file system has none. */
  public static List<String> list(Path file) throws LinuxException {
    return list(file.toString());
  }

  public static List<String> list(String file) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      long path = PathBytes.allocate(arena, file).address();
      long needed = Kernel.tryCall(SystemCall.LLISTXATTR, path, 0, 0);
      if (needed == 0 || needed == -Errno.EOPNOTSUPP.number()) {
        return List.of();
      }
      MemorySegment names = arena.allocate(LIMIT);
      long length = Kernel.call(SystemCall.LLISTXATTR, file, path, names.address(), LIMIT);
      return split(names.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
    }
  }

  /** Whether an open file may have attributes; cheaper than to list them. */
  public static boolean mayHaveAny(Fd file) {
    return Kernel.tryCall(SystemCall.FLISTXATTR, file.number(), 0, 0) != 0;
  }

  public static void remove(Path file, String name) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      long path = PathBytes.allocate(arena, file.toString()).address();
      long key = PathBytes.allocate(arena, name).address();
      Kernel.call(SystemCall.LREMOVEXATTR, file + " " + name, path, key);
    }
  }

  private static List<String> split(byte[] zeroTerminated) {
    List<String> names = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < zeroTerminated.length; i++) {
      if (zeroTerminated[i] == 0) {
        names.add(PathBytes.decode(zeroTerminated, start, i - start));
        start = i + 1;
      }
    }
    return names;
  }
}
