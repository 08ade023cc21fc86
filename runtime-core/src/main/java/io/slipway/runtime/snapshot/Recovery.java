package io.slipway.runtime.snapshot;

import java.util.List;

/**
 * What opening the snapshots of an earlier daemon had to clean up.
 *
 * @param unfinished number of half-made snapshots (interrupted build steps, unpacks and removals)
 *     that were removed
 * @param unsynced committed snapshots that were removed because the machine went down before they
 *     were safely on disk; their images must be pulled or built again
 * @param broken containers' snapshots whose parent was lost; their files were kept aside
 */
public record Recovery(int unfinished, List<SnapshotKey> unsynced, List<SnapshotKey> broken) {
  public Recovery {
    unsynced = List.copyOf(unsynced);
    broken = List.copyOf(broken);
  }

  /** Whether everything was in order. */
  public boolean isClean() {
    return unfinished == 0 && unsynced.isEmpty() && broken.isEmpty();
  }
}
