package io.slipway.runtime.cgroup;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;

/**
 * One mounted cgroup hierarchy.
 *
 * @param mountPoint where it is mounted
 * @param ownPath the daemon's own cgroup in it, as a path below the mount point
 * @param controllers by kernel name; a v1 hierarchy without any only groups processes
 */
record Hierarchy(CgroupVersion version, Path mountPoint, String ownPath, Set<String> controllers) {
  Hierarchy {
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(mountPoint, "mountPoint");
    Objects.requireNonNull(ownPath, "ownPath");
    controllers = Set.copyOf(controllers);
  }

  /**
   * Where the daemon's parent directory lies. On v1 it is the daemon's own cgroup, so that limits
   * set on the daemon hold for its containers. On v2 a cgroup with processes cannot hand
   * controllers on, so it is the root.
   */
  Path base() {
    return version == CgroupVersion.V1 ? below(ownPath) : mountPoint;
  }

  Path below(String path) {
    String relative = path.replaceFirst("^/+", "");
    return relative.isEmpty() ? mountPoint : mountPoint.resolve(relative);
  }

  CgroupDirectory directory(Path path) {
    return new CgroupDirectory(version, path);
  }
}
