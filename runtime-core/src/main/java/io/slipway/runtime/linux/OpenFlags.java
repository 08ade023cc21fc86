package io.slipway.runtime.linux;

/** Flags of {@code open}, {@code openat2} and the {@code *at} calls. */
public final class OpenFlags {
  public static final int O_RDONLY = 0;
  public static final int O_WRONLY = 1;
  public static final int O_RDWR = 2;
  public static final int O_CREAT = 0x40;
  public static final int O_EXCL = 0x80;
  public static final int O_NOCTTY = 0x100;
  public static final int O_TRUNC = 0x200;
  public static final int O_APPEND = 0x400;
  public static final int O_NONBLOCK = 0x800;
  public static final int O_CLOEXEC = 0x80000;
  public static final int O_PATH = 0x200000;

  /** These two are swapped between the architectures. */
  public static final int O_DIRECTORY = Arch.current() == Arch.AARCH64 ? 0x4000 : 0x10000;

  public static final int O_NOFOLLOW = Arch.current() == Arch.AARCH64 ? 0x8000 : 0x20000;

  /** Directory descriptor that stands for the working directory. */
  public static final int AT_FDCWD = -100;

  public static final int AT_SYMLINK_NOFOLLOW = 0x100;
  public static final int AT_REMOVEDIR = 0x200;
  public static final int AT_SYMLINK_FOLLOW = 0x400;
  public static final int AT_EMPTY_PATH = 0x1000;
  public static final int AT_RECURSIVE = 0x8000;

  public static final int RESOLVE_NO_XDEV = 0x01;
  public static final int RESOLVE_NO_MAGICLINKS = 0x02;
  public static final int RESOLVE_NO_SYMLINKS = 0x04;
  public static final int RESOLVE_BENEATH = 0x08;

  /** Treat the directory descriptor as the root: absolute links and {@code ..} stay inside. */
  public static final int RESOLVE_IN_ROOT = 0x10;

  public static final int RENAME_NOREPLACE = 1;
  public static final int RENAME_EXCHANGE = 2;

  private OpenFlags() {}
}
