package io.slipway.runtime.container;

import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.MountCalls;
import io.slipway.runtime.linux.MountFlags;
import io.slipway.runtime.linux.OpenFlags;

/** The root mount of one container, closed with it. */
public record OwnedRoot(Fd mount) implements AutoCloseable {

  public static OwnedRoot open(RootFilesystem rootfs) throws LinuxException {
    return new OwnedRoot(
        switch (rootfs) {
          case RootFilesystem.Overlay overlay -> overlay.parts().mount();
          case RootFilesystem.Directory directory -> MountCalls.cloneTree(directory.path(), true);
          case RootFilesystem.Mounted mounted -> copy(mounted.mount());
        });
  }

  /** A mount can be attached once; older kernels cannot copy one that is attached nowhere. */
  private static Fd copy(Fd mount) throws LinuxException {
    try {
      long flags = MountFlags.OPEN_TREE_CLONE | OpenFlags.O_CLOEXEC | OpenFlags.AT_EMPTY_PATH;
      return MountCalls.openTree(mount.number(), "", flags);
    } catch (LinuxException e) {
      if (e.is(Errno.EINVAL)) {
        return mount.duplicate();
      }
      throw e;
    }
  }

  @Override
  public void close() {
    mount.close();
  }
}
