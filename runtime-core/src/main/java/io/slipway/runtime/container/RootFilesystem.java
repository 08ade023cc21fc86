package io.slipway.runtime.container;

import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.OverlayMount;
import java.nio.file.Path;

/** What a container sees as {@code /}. */
public sealed interface RootFilesystem {

  /** Layers; mounted for this container alone and let go when it is closed. */
  record Overlay(OverlayMount parts) implements RootFilesystem {}

  /** A plain directory of the host; the container writes into it. */
  record Directory(Path path) implements RootFilesystem {}

  /**
   * A mount made before, by {@code fsmount} or {@code open_tree}; stays the caller's to close,
   * which may be done once the container is closed.
   */
  record Mounted(Fd mount) implements RootFilesystem {}
}
