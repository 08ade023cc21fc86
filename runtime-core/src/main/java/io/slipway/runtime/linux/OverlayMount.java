package io.slipway.runtime.linux;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The parts of an overlay file system, and how it becomes a mount that no mount table shows.
 *
 * @param lowers read-only directories, the topmost first; at least one
 * @param writable where changes go; empty for a read-only view
 * @param volatileSync skip the sync of the upper directory at unmount (kernel flag {@code
 *     volatile}); for directories that are thrown away after a crash
 */
public record OverlayMount(List<Path> lowers, Optional<Writable> writable, boolean volatileSync) {

  /** Directory that takes the changes, and the empty one beside it that overlay works in. */
  public record Writable(Path upper, Path work) {
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
    if (writable.isEmpty() && lowers.size() < 2) {
      throw new IllegalArgumentException("a read-only overlay needs two lower directories");
    }
  }

  /** Mounts it detached: visible only through the returned descriptor, gone when that is closed. */
  public Fd mount() throws LinuxException {
    try (Fd context = MountCalls.fsOpen("overlay")) {
      for (Path lower : lowers) {
        MountCalls.fsSetString(context, "lowerdir+", lower.toString());
      }
      if (writable.isPresent()) {
        MountCalls.fsSetString(context, "upperdir", writable.get().upper().toString());
        MountCalls.fsSetString(context, "workdir", writable.get().work().toString());
        if (volatileSync) {
          MountCalls.fsSetFlag(context, "volatile");
        }
      }
      String what = writable.map(w -> w.upper().toString()).orElse(lowers.getFirst().toString());
      MountCalls.fsCreate(context, "overlay on " + what);
      return MountCalls.fsMount(context, 0, "overlay on " + what);
    }
  }
}
