package io.slipway.runtime.layer;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.tar.TarEntry;
import io.slipway.image.tar.TarReader;
import io.slipway.image.tar.TarType;
import io.slipway.runtime.linux.DeviceNumber;
import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.Privileges;
import java.io.IOException;
import java.util.Optional;

/** Makes files of archive entries, one after the other. */
final class EntryMaker {
  private static final long MAX_ID = 0xFFFF_FFFEL;

  private final UpperTree upper;
  private final LowerTree below;
  private final String base;
  private final ApplyOptions options;
  private final ApplyObserver observer;
  private final FileMaker files;

  private boolean rootSkipped;

  /**
   * @param base clean path of the directory that the archive's names begin in
   */
  EntryMaker(
      UpperTree upper,
      LowerTree below,
      String base,
      ApplyOptions options,
      ApplyObserver observer,
      FileMaker files) {
    this.upper = upper;
    this.below = below;
    this.base = base;
    this.options = options;
    this.observer = observer;
    this.files = files;
  }

  void make(TarEntry entry, TarReader body) throws IOException {
    observer.entry(entry);
    String inside = EntryPath.clean(entry.name());
    if (inside.isEmpty()) {
      root(entry);
      return;
    }
    String path = fromRoot(inside);
    String parent = EntryPath.parent(path);
    String name = EntryPath.name(path);
    if (options.whiteouts() == Whiteouts.OVERLAY && name.startsWith(Whiteouts.PREFIX)) {
      whiteout(entry, parent, name);
      return;
    }
    Dir dir = upper.directory(parent);
    if (options.keepsKinds()) {
      requireSameKind(dir, name, path, entry);
    }
    if (upper.isGrafted(path)) {
      grafted(path, entry);
      return;
    }
    switch (entry.type()) {
      case FILE -> files.make(dir, path, entry, metadata(entry), body);
      case DIRECTORY -> directory(dir, path, name, entry);
      case HARD_LINK -> hardLink(dir, path, name, entry);
      case SYMLINK -> symlink(dir, name, entry);
      case CHAR_DEVICE, BLOCK_DEVICE, FIFO -> node(dir, name, entry);
    }
  }

  /** From now on what the archive says of the directory it is unpacked in is left out. */
  void skipRoot() {
    rootSkipped = true;
  }

  private String fromRoot(String inside) {
    return base.isEmpty() ? inside : base + "/" + inside;
  }

  /** Docker's rule, and its words, for a copy that shall only add and renew. */
  private void requireSameKind(Dir dir, String name, String path, TarEntry entry)
      throws LinuxException {
    Optional<FileStatus> there = dir.status(name);
    boolean directory = entry.type() == TarType.DIRECTORY;
    if (there.isPresent() && there.get().isDirectory() != directory) {
      throw new SlipwayException(
          ErrorKind.INTERNAL,
          "cannot overwrite %s \"/%s\" with %s \"%s\""
              .formatted(
                  directory ? "non-directory" : "directory",
                  path,
                  directory ? "directory" : "non-directory",
                  "/" + base));
    }
  }

  /** A mount point cannot be replaced; a directory on one is the mounted one. */
  private void grafted(String path, TarEntry entry) throws LinuxException {
    if (entry.type() != TarType.DIRECTORY) {
      throw new LinuxException("unlinkat", "/" + path, Errno.EBUSY);
    }
    upper.directory(path).apply(metadata(entry));
    upper.setTimeLater(path, entry.modified());
  }

  private void root(TarEntry entry) throws LinuxException {
    if (entry.type() != TarType.DIRECTORY) {
      throw SlipwayException.invalid("layer replaces its root by something else");
    }
    if (!rootSkipped) {
      upper.directory("").apply(metadata(entry));
      upper.setTimeLater("", entry.modified());
    }
  }

  private void whiteout(TarEntry entry, String parent, String name) throws LinuxException {
    if (name.equals(Whiteouts.OPAQUE)) {
      opaque(parent);
      return;
    }
    String hidden = name.substring(Whiteouts.PREFIX.length());
    if (name.startsWith(Whiteouts.META_PREFIX) || below.isEmpty()) {
      return;
    }
    if (hidden.isEmpty() || hidden.equals(".") || hidden.equals("..")) {
      throw SlipwayException.invalid("layer holds a whiteout of nothing: " + entry.name());
    }
    Optional<Dir> dir = upper.find(parent);
    if (dir.isPresent()) {
      hide(dir.get(), hidden);
    }
  }

  private void opaque(String path) throws LinuxException {
    if (below.isEmpty()) {
      return;
    }
    if (!path.isEmpty()) {
      Attributes.markOpaque(upper.directory(path).fd(), ".");
      return;
    }
    // Overlayfs always merges the roots, so each name is hidden by itself.
    Dir root = upper.directory("");
    try (Dir lower = below.directory("").orElseThrow()) {
      for (String name : lower.names()) {
        hide(root, name);
      }
    }
  }

  private static void hide(Dir dir, String name) throws LinuxException {
    Optional<FileStatus> there = dir.status(name);
    if (there.isEmpty()) {
      dir.makeNode(name, FileStatus.S_IFCHR, DeviceNumber.of(0, 0));
    } else if (there.get().isDirectory()) {
      // The same layer has made it again: only what the layers below had in it is gone.
      Attributes.markOpaque(dir.fd(), name);
    }
  }

  private void directory(Dir dir, String path, String name, TarEntry entry) throws LinuxException {
    boolean again = false;
    try {
      dir.makeDirectory(name);
    } catch (LinuxException e) {
      if (!e.is(Errno.EEXIST)) {
        throw e;
      }
      FileStatus there = dir.status(name).orElseThrow(() -> e);
      if (!there.isDirectory()) {
        again = there.isWhiteout() && options.whiteouts() == Whiteouts.OVERLAY;
        upper.clear(e, dir, name);
        dir.makeDirectory(name);
      }
    }
    Dir made = dir.directory(name);
    upper.remember(path, made);
    made.apply(metadata(entry));
    upper.setTimeLater(path, entry.modified());
    if (again) {
      Attributes.markOpaque(made.fd(), ".");
    }
  }

  private void symlink(Dir dir, String name, TarEntry entry) throws LinuxException {
    if (entry.linkName().isEmpty()) {
      throw SlipwayException.invalid("layer holds a symbolic link to nothing: " + entry.name());
    }
    try {
      dir.makeSymlink(name, entry.linkName());
    } catch (LinuxException e) {
      retryAfterClearing(e, dir, name, () -> dir.makeSymlink(name, entry.linkName()));
    }
    dir.apply(name, metadata(entry));
  }

  private void node(Dir dir, String name, TarEntry entry) throws LinuxException {
    int type =
        switch (entry.type()) {
          case CHAR_DEVICE -> FileStatus.S_IFCHR;
          case BLOCK_DEVICE -> FileStatus.S_IFBLK;
          default -> FileStatus.S_IFIFO;
        };
    if (type != FileStatus.S_IFIFO && !Privileges.own().makesDevices()) {
      // As in Docker: who may make no devices has none of a layer's.
      return;
    }
    long device = DeviceNumber.of(entry.deviceMajor(), entry.deviceMinor());
    try {
      dir.makeNode(name, type | entry.mode(), device);
    } catch (LinuxException e) {
      retryAfterClearing(e, dir, name, () -> dir.makeNode(name, type | entry.mode(), device));
    }
    dir.apply(name, metadata(entry));
  }

  private void hardLink(Dir dir, String path, String name, TarEntry entry) throws LinuxException {
    String target = EntryPath.clean(entry.linkName());
    target = target.isEmpty() ? target : fromRoot(target);
    if (target.equals(path)) {
      // Some archives link a file to itself; it is there already or the link leads nowhere.
      requireTarget(dir.status(name), entry);
      return;
    }
    String targetName = EntryPath.name(target);
    Dir targetDir =
        target.isEmpty()
            ? noTarget(entry)
            : upper.find(EntryPath.parent(target)).orElseGet(() -> noTarget(entry));
    Optional<FileStatus> there = targetDir.status(targetName);
    if (there.isEmpty()) {
      copyUp(targetDir, target, entry);
    } else {
      requireTarget(there, entry);
    }
    try {
      dir.makeHardLink(name, targetDir, targetName);
    } catch (LinuxException e) {
      retryAfterClearing(e, dir, name, () -> dir.makeHardLink(name, targetDir, targetName));
    }
  }

  /** A link to a file of the layers below takes that file up first, as the kernel does. */
  private void copyUp(Dir targetDir, String target, TarEntry entry) throws LinuxException {
    Optional<Dir> lower = below.directory(EntryPath.parent(target));
    if (lower.isEmpty()) {
      noTarget(entry);
    }
    String name = EntryPath.name(target);
    try (Dir from = lower.orElseThrow()) {
      requireTarget(from.status(name), entry);
      EntryCopier.copy(from, name, targetDir, name, from.metadata(name));
    }
  }

  private static void requireTarget(Optional<FileStatus> target, TarEntry entry) {
    if (target.isEmpty() || target.get().isDirectory() || target.get().isWhiteout()) {
      noTarget(entry);
    }
  }

  private static Dir noTarget(TarEntry entry) {
    throw SlipwayException.invalid(
        "layer links \"" + entry.name() + "\" to \"" + entry.linkName() + "\", which is no file");
  }

  private interface Making {
    void again() throws LinuxException;
  }

  private void retryAfterClearing(LinuxException e, Dir dir, String name, Making making)
      throws LinuxException {
    upper.clear(e, dir, name);
    making.again();
  }

  private Metadata metadata(TarEntry entry) {
    long uid = options.owner().map(o -> (long) o.uid()).orElse(entry.uid());
    long gid = options.owner().map(o -> (long) o.gid()).orElse(entry.gid());
    if (uid > MAX_ID || gid > MAX_ID) {
      throw impossible(entry, uid, gid);
    }
    int ownUid = (int) uid;
    int ownGid = (int) gid;
    if (options.users().isPresent()) {
      try {
        ownUid = options.users().get().hostUid(ownUid);
        ownGid = options.users().get().hostGid(ownGid);
      } catch (IllegalArgumentException e) {
        throw impossible(entry, uid, gid);
      }
    }
    if (!Privileges.own().hasUser(Integer.toUnsignedLong(ownUid))
        || !Privileges.own().hasGroup(Integer.toUnsignedLong(ownGid))) {
      throw SlipwayException.invalid(
          ("failed to Lchown \"/%s\" for UID %d, GID %d (try increasing the number of subordinate"
                  + " IDs in /etc/subuid and /etc/subgid): lchown /%s: invalid argument")
              .formatted(entry.name(), uid, gid, entry.name()));
    }
    return new Metadata(entry.mode(), ownUid, ownGid, entry.modified(), entry.xattrs());
  }

  private static SlipwayException impossible(TarEntry entry, long uid, long gid) {
    return SlipwayException.invalid(
        "layer holds an impossible owner of \"" + entry.name() + "\": " + uid + ":" + gid);
  }
}
