package io.slipway.runtime.snapshot;

/** How long an active snapshot is kept, which also decides how carefully it is written. */
public enum Lifetime {
  /**
   * Of one operation: a build step, an unpack. Mounted {@code volatile} (no sync on unmount); if
   * the daemon dies before the commit, the next open removes it.
   */
  OPERATION,
  /** Until it is removed: a container's file system. Found again by its key after a restart. */
  CONTAINER
}
