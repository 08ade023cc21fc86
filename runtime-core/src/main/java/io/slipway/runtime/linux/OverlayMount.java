package io.slipway.runtime.linux;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The parts of an overlay file system, and how it becomes a mount that no mount table shows.
 *
 * @param lowers read-only directories, the topmost first; at least one
 * @param writable where changes go; empty for a read-only view
 */
public record OverlayMount(List<Path> lowers, Optional<Writable> writable) {

  /**
   * The writable part.
   *
   * @param upper directory that takes the changes
   * @param work empty directory beside it that overlay works in
   * @param skipSync do not sync the upper directory at unmount (kernel flag {@code volatile}); for
   *     directories that are thrown away after a crash
   */
  public record Writable(Path upper, Path work, boolean skipSync) {
    public Writable {
      Objects.requireNonNull(upper, "upper");
      Objects.requireNonNull(work, "work");
    }
  }

  public OverlayMount {
    lowers = List.copyOf(lowers);
    if (lowers.isEmpty()) {
      throw new IllegalArgumentException("an overlay needs at least one lower directory");
    }
  }

  /** Mounts it detached: visible only through the returned descriptor, gone when that is closed. */
  public Fd mount() throws LinuxException {
    if (writable.isEmpty() && lowers.size() == 1) {
      // Overlay refuses a single lower directory without an upper one; a read-only bind is the
      // same.
      Fd only = MountCalls.cloneTree(lowers.getFirst(), false);
      MountCalls.setAttributes(only, false, MountFlags.MOUNT_ATTR_RDONLY, 0, 0, 0);
      return only;
    }
    try (Fd context = MountCalls.fsOpen("overlay")) {
      MountCalls.fsSetString(context, "source", "overlay");
      setLowers(context);
      if (Privileges.own().isRootless()) {
        MountCalls.fsSetFlag(context, "userxattr");
      }
      if (writable.isPresent()) {
        MountCalls.fsSetString(context, "upperdir", writable.get().upper().toString());
        MountCalls.fsSetString(context, "workdir", writable.get().work().toString());
        if (writable.get().skipSync()) {
          MountCalls.fsSetFlag(context, "volatile");
        }
      }
      String what = writable.map(w -> w.upper().toString()).orElse(lowers.getFirst().toString());
      MountCalls.fsCreate(context, "overlay on " + what);
      return MountCalls.fsMount(context, 0, "overlay on " + what);
    }
  }

  /** One by one where the kernel (6.7) can: the one string of older ones is limited in length. */
  private void setLowers(Fd context) throws LinuxException {
    try {
      for (Path lower : lowers) {
        MountCalls.fsSetString(context, "lowerdir+", lower.toString());
      }
    } catch (LinuxException e) {
      if (!e.is(Errno.EINVAL)) {
        throw e;
      }
      String all =
          lowers.stream()
              .map(lower -> lower.toString().replace("\\", "\\\\").replace(":", "\\:"))
              .collect(Collectors.joining(":"));
      MountCalls.fsSetString(context, "lowerdir", all);
    }
  }
}
