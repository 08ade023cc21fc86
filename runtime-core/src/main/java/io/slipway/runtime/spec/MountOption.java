package io.slipway.runtime.spec;

import java.util.Set;

/** Per-mount options; the value is the kernel's {@code MOUNT_ATTR_*} bit. */
public enum MountOption {
  READ_ONLY(0x1),
  NOSUID(0x2),
  NODEV(0x4),
  NOEXEC(0x8),
  STRICTATIME(0x20);

  private final long attribute;

  MountOption(long attribute) {
    this.attribute = attribute;
  }

  /** The options as one {@code MOUNT_ATTR_*} mask. */
  public static long attributes(Set<MountOption> options) {
    return options.stream().mapToLong(o -> o.attribute).reduce(0, (a, b) -> a | b);
  }
}
