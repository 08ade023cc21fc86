package io.slipway.runtime.linux;

/** Device numbers in the form {@code mknod} takes ({@code new_encode_dev} of the kernel). */
public final class DeviceNumber {
  private DeviceNumber() {}

  /** {@code makedev} of glibc: 32 bits of each part. */
  public static long of(long major, long minor) {
    return (minor & 0xFF)
        | ((major & 0xFFF) << 8)
        | ((minor & 0xFFFFFF00L) << 12)
        | ((major & 0xFFFFF000L) << 32);
  }

  public static long major(long device) {
    return ((device >>> 8) & 0xFFF) | ((device >>> 32) & 0xFFFFF000L);
  }

  public static long minor(long device) {
    return (device & 0xFF) | ((device >>> 12) & 0xFFFFFF00L);
  }
}
