package io.slipway.runtime.container;

import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.MountCalls;
import io.slipway.runtime.linux.MountFlags;
import io.slipway.runtime.linux.OpenFlags;
import java.nio.file.Path;

/** The root mount of one container, closed with it. */
public record OwnedRoot(Fd mount) implements AutoCloseable {

  /** With the owners that its files have on disk. */
  public static OwnedRoot open(RootFilesystem rootfs) throws LinuxException {
    return new OwnedRoot(
        switch (rootfs) {
          case RootFilesystem.Overlay overlay -> overlay.parts().mount();
          case RootFilesystem.Directory directory -> MountCalls.cloneTree(directory.path(), true);
          case RootFilesystem.Mounted mounted -> copy(mounted.mount());
        });
  }

  /** With users of a user namespace as the owners. */
  static OwnedRoot open(RootFilesystem rootfs, Fd userNamespace) throws LinuxException {
    return new OwnedRoot(
        switch (rootfs) {
          case RootFilesystem.Overlay overlay ->
              MappedOverlay.mount(overlay.parts(), userNamespace);
          case RootFilesystem.Directory directory -> mapped(directory.path(), userNamespace);
          case RootFilesystem.Mounted ignored ->
              throw new IllegalArgumentException("a mount that is there has owners already");
        });
  }

  private static Fd mapped(Path directory, Fd userNamespace) throws LinuxException {
    Fd mount = MountCalls.cloneTree(directory, false);
    try {
      MappedOverlay.map(mount, userNamespace);
      return mount;
    } catch (LinuxException e) {
      mount.close();
      throw e;
    }
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
