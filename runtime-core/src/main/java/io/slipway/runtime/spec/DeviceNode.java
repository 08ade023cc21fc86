package io.slipway.runtime.spec;

import java.util.Objects;

/**
 * A device file in the container.
 *
 * @param mode permission bits, not changed by any umask
 */
public record DeviceNode(
    String path, Type type, long major, long minor, int mode, int uid, int gid) {

  /** Character or block device. */
  public enum Type {
    CHARACTER,
    BLOCK
  }

  public DeviceNode {
    ContainerPaths.requireAbsolute(path);
    Objects.requireNonNull(type, "type");
  }

  /** A character device of root that everybody may read and write. */
  public static DeviceNode character(String path, long major, long minor) {
    return new DeviceNode(path, Type.CHARACTER, major, minor, 0666, 0, 0);
  }
}
