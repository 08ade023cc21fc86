package io.slipway.runtime.snapshot;

import io.slipway.runtime.linux.Fd;
import java.nio.file.Path;

/**
 * A snapshot mounted for this process alone: a detached mount, which is in no mount table and ends
 * with its descriptor, so a killed daemon leaves nothing behind.
 */
public interface MountedView extends AutoCloseable {

  /**
   * {@code /proc/self/fd/N}: the root of the tree, for reading and (if the snapshot is active)
   * writing. Symbolic links in the tree resolve against the daemon's own root: walk names that come
   * from an image with {@code runtime.layer}'s {@code Tree}, not with this path.
   */
  Path root();

  /** The mount, owned by the view: for {@code move_mount} or the {@code *at} calls. */
  Fd mount();

  /** Ends the mount once its last open file is closed. */
  @Override
  void close();
}
