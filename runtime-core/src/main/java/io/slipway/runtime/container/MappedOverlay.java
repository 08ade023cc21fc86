package io.slipway.runtime.container;

import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.MountCalls;
import io.slipway.runtime.linux.MountFlags;
import io.slipway.runtime.linux.OverlayMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An overlay whose owners are users of a user namespace. The directories stay as they are: overlay
 * gets each of them by a mount that shows its owners as those of the host that the namespace's are.
 * So layers are shared with everybody else, and what a container writes is stored with the owners
 * that it means.
 */
final class MappedOverlay implements AutoCloseable {
  private final List<Fd> mounts = new ArrayList<>();
  private final Fd userNamespace;

  private MappedOverlay(Fd userNamespace) {
    this.userNamespace = userNamespace;
  }

  /** Names that {@link #probe} leaves in its folder, those below others first. */
  static final List<String> PROBED =
      List.of("own/work/work", "own/work", "own/upper", "own", "lower");

  /**
   * Mounts an empty one.
   *
   * @throws IOException if the kernel or this folder's file system cannot do that
   */
  static void probe(Path folder, Fd userNamespace) throws IOException {
    for (String name : List.of("lower", "own/upper", "own/work")) {
      Files.createDirectories(folder.resolve(name));
    }
    OverlayMount.Writable own =
        new OverlayMount.Writable(folder.resolve("own/upper"), folder.resolve("own/work"), false);
    try {
      mount(new OverlayMount(List.of(folder.resolve("lower")), Optional.of(own)), userNamespace)
          .close();
    } catch (LinuxException e) {
      throw new IOException(
          "containers cannot have users of their own here: it takes Linux 6.15 or later, and a data"
              + " root on a file system whose mounts can show other owners, as ext4's, xfs's and"
              + " btrfs's can: "
              + e.getMessage(),
          e);
    }
  }

  /** Mounts it detached. */
  static Fd mount(OverlayMount parts, Fd userNamespace) throws LinuxException {
    try (MappedOverlay mapped = new MappedOverlay(userNamespace)) {
      return mapped.of(parts).mount();
    }
  }

  private OverlayMount of(OverlayMount parts) throws LinuxException {
    List<Path> lowers = new ArrayList<>();
    for (Path lower : parts.lowers()) {
      lowers.add(map(lower));
    }
    Optional<OverlayMount.Writable> writable = Optional.empty();
    if (parts.writable().isPresent()) {
      OverlayMount.Writable own = parts.writable().get();
      // both directories must be seen by one mount
      Path both = map(own.upper().getParent());
      writable =
          Optional.of(
              new OverlayMount.Writable(
                  both.resolve(own.upper().getFileName()),
                  both.resolve(own.upper().getParent().relativize(own.work())),
                  own.skipSync()));
    }
    return new OverlayMount(lowers, writable);
  }

  private Path map(Path directory) throws LinuxException {
    Fd mount = MountCalls.cloneTree(directory, false);
    mounts.add(mount);
    map(mount, userNamespace);
    return mount.path();
  }

  /** Shows the owners of a detached mount as users of the namespace. */
  static void map(Fd mount, Fd userNamespace) throws LinuxException {
    MountCalls.setAttributes(
        mount,
        false,
        MountFlags.MOUNT_ATTR_IDMAP,
        0,
        MountFlags.MS_PRIVATE,
        userNamespace.number());
  }

  @Override
  public void close() {
    mounts.forEach(Fd::close);
  }
}
