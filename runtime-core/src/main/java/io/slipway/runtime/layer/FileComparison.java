package io.slipway.runtime.layer;

import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.LinuxException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;

/**
 * Whether a file in a snapshot is still the one below it. Overlayfs copies a file up as soon as
 * somebody opens it for writing, changed or not, so presence alone proves nothing. Different are:
 * type, mode, owner, device, extended attributes; except for directories also size, modification
 * time, and, when both times are whole seconds (so equal times may be chance), content and link
 * target. More names than below is a difference too: the file was given another, and the layer must
 * hold both to keep them one file.
 */
final class FileComparison {
  private static final int BUFFER = 64 * 1024;

  private FileComparison() {}

  static boolean isSame(Dir upper, FileStatus now, Dir lower, FileStatus before, String name)
      throws LinuxException {
    if (now.mode() != before.mode()
        || now.uid() != before.uid()
        || now.gid() != before.gid()
        || now.deviceNode() != before.deviceNode()) {
      return false;
    }
    if (!now.isDirectory() && !isSameFile(upper, now, lower, before, name)) {
      return false;
    }
    return isSame(upper.xattrs(name), lower.xattrs(name));
  }

  /**
   * Whether a regular file is there again only for another mode, owner or attributes: copying it up
   * keeps the modification time. Content is read only where equal times may be chance.
   */
  static boolean isRepeated(Dir upper, FileStatus now, Dir lower, FileStatus before, String name)
      throws LinuxException {
    boolean sameContent =
        now.size() == before.size()
            && now.size() > 0
            && now.mtimeSeconds() == before.mtimeSeconds()
            && now.mtimeNanos() == before.mtimeNanos()
            && (now.mtimeNanos() != 0 || hasSameContent(upper, lower, name));
    return sameContent && !isSame(upper, now, lower, before, name);
  }

  private static boolean isSameFile(
      Dir upper, FileStatus now, Dir lower, FileStatus before, String name) throws LinuxException {
    if (now.size() != before.size()
        || now.mtimeSeconds() != before.mtimeSeconds()
        || now.mtimeNanos() != before.mtimeNanos()
        || now.links() > before.links()) {
      return false;
    }
    if (now.mtimeNanos() != 0) {
      return true;
    }
    if (now.isSymlink()) {
      return upper.readLink(name).equals(lower.readLink(name));
    }
    return !now.isRegular() || hasSameContent(upper, lower, name);
  }

  private static boolean isSame(Map<String, byte[]> a, Map<String, byte[]> b) {
    return a.keySet().equals(b.keySet())
        && a.entrySet().stream().allMatch(e -> Arrays.equals(e.getValue(), b.get(e.getKey())));
  }

  private static boolean hasSameContent(Dir upper, Dir lower, String name) throws LinuxException {
    try (Fd one = upper.openFile(name);
        Fd other = lower.openFile(name);
        Arena arena = Arena.ofConfined()) {
      MemorySegment left = arena.allocate(BUFFER);
      MemorySegment right = arena.allocate(BUFFER);
      while (true) {
        long n = readFully(one, left);
        if (n != readFully(other, right) || MemorySegment.mismatch(left, 0, n, right, 0, n) >= 0) {
          return false;
        }
        if (n < BUFFER) {
          return true;
        }
      }
    }
  }

  private static long readFully(Fd file, MemorySegment buffer) throws LinuxException {
    long have = 0;
    while (have < buffer.byteSize()) {
      long n = FileCalls.read(file, buffer.asSlice(have));
      if (n == 0) {
        break;
      }
      have += n;
    }
    return have;
  }
}
