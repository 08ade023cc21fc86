package io.slipway.runtime.snapshot;

import io.slipway.runtime.linux.Fd;
import java.nio.file.Path;

/** A detached overlay mount. */
record OverlayView(Fd mount) implements MountedView {
  @Override
  public Path root() {
    return mount.path();
  }

  @Override
  public void close() {
    mount.close();
  }
}
