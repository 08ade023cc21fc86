package io.slipway.engine.volume;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.MountCalls;
import io.slipway.runtime.linux.MountFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Which volumes with options are mounted, and by how many containers. Safe for threads. */
final class VolumeMounts {
  private static final Path TABLE = Path.of("/proc/self/mountinfo");
  private static final int MOUNT_POINT = 4;

  private final Map<Path, Integer> users = new HashMap<>();

  /** Unmounts what a daemon that was killed left below a directory. */
  static void removeLeftovers(Path root) throws IOException {
    for (String line : Files.readAllLines(TABLE)) {
      String point = line.split(" ")[MOUNT_POINT].replace("\\040", " ");
      if (point.startsWith(root + "/")) {
        MountCalls.unmount(Path.of(point), MountFlags.MNT_DETACH);
      }
    }
  }

  /** Mounts it for one more user. */
  synchronized void acquire(Path directory, LocalMount mount) {
    int before = users.getOrDefault(directory, 0);
    if (before == 0) {
      try {
        MountCalls.mount(mount.device(), directory, mount.type(), mount.flags(), mount.data());
      } catch (LinuxException e) {
        throw new SlipwayException(
            ErrorKind.INTERNAL,
            "error while mounting volume '%s': failed to mount local volume: mount %s:%s, flags: 0x%x%s: %s"
                .formatted(
                    directory,
                    mount.device(),
                    directory,
                    mount.flags(),
                    mount.data().isEmpty() ? "" : ", data: " + mount.data(),
                    e.errno().sentence()),
            e);
      }
    }
    users.put(directory, before + 1);
  }

  /** The last user's end unmounts it. */
  synchronized void release(Path directory) throws IOException {
    int left = users.getOrDefault(directory, 0) - 1;
    if (left > 0) {
      users.put(directory, left);
      return;
    }
    if (users.remove(directory) != null) {
      MountCalls.unmount(directory, MountFlags.MNT_DETACH);
    }
  }
}
