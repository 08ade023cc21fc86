package io.slipway.runtime.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What {@code statx} says about a file.
 *
 * @param mode type and permission bits, as in {@code st_mode}
 * @param mtimeSeconds seconds since 1970, negative before
 * @param device device number of the file system, {@code makedev} form
 * @param deviceNode major and minor of a device file, {@code makedev} form
 * @param ctimeSeconds when anything about the file last changed; nobody can set it back
 */
public record FileStatus(
    int mode,
    int links,
    int uid,
    int gid,
    long inode,
    long size,
    long blocks512,
    long mtimeSeconds,
    int mtimeNanos,
    long device,
    long deviceNode,
    long ctimeSeconds,
    int ctimeNanos) {
  public static final int S_IFMT = 0xF000;
  public static final int S_IFIFO = 0x1000;
  public static final int S_IFCHR = 0x2000;
  public static final int S_IFDIR = 0x4000;
  public static final int S_IFBLK = 0x6000;
  public static final int S_IFREG = 0x8000;
  public static final int S_IFLNK = 0xA000;
  public static final int S_IFSOCK = 0xC000;

  static final int STRUCT_BYTES = 256;

  static FileStatus read(MemorySegment statx) {
    return new FileStatus(
        statx.get(ValueLayout.JAVA_SHORT, 28) & 0xFFFF,
        statx.get(ValueLayout.JAVA_INT, 16),
        statx.get(ValueLayout.JAVA_INT, 20),
        statx.get(ValueLayout.JAVA_INT, 24),
        statx.get(ValueLayout.JAVA_LONG, 32),
        statx.get(ValueLayout.JAVA_LONG, 40),
        statx.get(ValueLayout.JAVA_LONG, 48),
        statx.get(ValueLayout.JAVA_LONG, 112),
        statx.get(ValueLayout.JAVA_INT, 120),
        DeviceNumber.of(statx.get(ValueLayout.JAVA_INT, 136), statx.get(ValueLayout.JAVA_INT, 140)),
        DeviceNumber.of(statx.get(ValueLayout.JAVA_INT, 128), statx.get(ValueLayout.JAVA_INT, 132)),
        statx.get(ValueLayout.JAVA_LONG, 96),
        statx.get(ValueLayout.JAVA_INT, 104));
  }

  public int type() {
    return mode & S_IFMT;
  }

  public int permissions() {
    return mode & 07777;
  }

  public boolean isDirectory() {
    return type() == S_IFDIR;
  }

  public boolean isRegular() {
    return type() == S_IFREG;
  }

  public boolean isSymlink() {
    return type() == S_IFLNK;
  }

  /** Overlay's mark of a deleted file: character device 0:0. */
  public boolean isWhiteout() {
    return type() == S_IFCHR && deviceNode == 0;
  }
}
