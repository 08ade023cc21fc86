package io.slipway.runtime.layer;

import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.Kernel;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.PathBytes;
import io.slipway.runtime.linux.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The names in an open directory, by {@code getdents64}: {@code java.nio} cannot spell names that
 * are not valid in the JVM's locale. {@code struct linux_dirent64}: inode 8, offset 8, length 2,
 * type 1, name.
 */
final class DirectoryListing {
  private static final int BUFFER = 64 * 1024;
  private static final int LENGTH = 16;
  private static final int NAME = 19;
  private static final byte[] SELF = {'.'};
  private static final byte[] PARENT = {'.', '.'};

  private DirectoryListing() {}

  /**
   * All names but the two dots, in the order of their bytes. The descriptor must be at its start.
   */
  static List<String> names(Fd directory) throws LinuxException {
    List<byte[]> names = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(BUFFER, 8);
      byte[] bytes = new byte[BUFFER];
      while (true) {
        int length =
            (int)
                Kernel.call(
                    SystemCall.GETDENTS64, "", directory.number(), buffer.address(), BUFFER);
        if (length == 0) {
          break;
        }
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, 0, length);
        collect(bytes, length, names);
      }
    }
    names.sort(Arrays::compareUnsigned);
    return names.stream().map(PathBytes::decode).toList();
  }

  private static void collect(byte[] bytes, int length, List<byte[]> names) {
    for (int at = 0; at < length; ) {
      int end = at + NAME;
      while (bytes[end] != 0) {
        end++;
      }
      byte[] name = Arrays.copyOfRange(bytes, at + NAME, end);
      if (!Arrays.equals(name, SELF) && !Arrays.equals(name, PARENT)) {
        names.add(name);
      }
      at += (bytes[at + LENGTH] & 0xFF) | (bytes[at + LENGTH + 1] & 0xFF) << 8;
    }
  }
}
