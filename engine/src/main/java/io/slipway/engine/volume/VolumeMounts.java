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
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Which volumes with options are mounted, and by how many containers. Safe for threads. */
final class VolumeMounts {
  private static final Path TABLE = Path.of("/proc/self/mountinfo");
  private static final int MOUNT_POINT = 4;

  private final Map<Path, Integer> users = new HashMap<>();

  /** Mounted by an earlier daemon; its containers may go on to use them. */
  private final Set<Path> inherited = new HashSet<>();

  /** Finds what a daemon that was killed left below a directory. */
  void inherit(Path root) throws IOException {
    for (String line : Files.readAllLines(TABLE)) {
      String point = line.split(" ")[MOUNT_POINT].replace("\\040", " ");
      if (point.startsWith(root + "/")) {
        inherited.add(Path.of(point));
      }
    }
  }

  /** Unmounts what was inherited and nobody uses. */
  synchronized void dropUnused() throws IOException {
    for (Path directory : inherited) {
      MountCalls.unmount(directory, MountFlags.MNT_DETACH);
    }
    inherited.clear();
  }

  /** Mounts it for one more user. */
  synchronized void acquire(Path directory, LocalMount mount) {
    int before = users.getOrDefault(directory, 0);
    if (before == 0 && !inherited.remove(directory)) {
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
