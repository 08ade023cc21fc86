package io.slipway.runtime.layer;

import io.slipway.image.tar.TarTime;
import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.TreeCalls;
import io.slipway.runtime.linux.XattrCalls;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An open directory. Its operations take one name each, never a path, and do not follow symbolic
 * links: whatever an image calls its files, they stay in this directory. A name with a slash,
 * {@code .}, {@code ..} or nothing is an {@link IllegalArgumentException}.
 *
 * <p>File names are spelled as {@link io.slipway.runtime.linux.PathBytes} does. Not for use by
 * several threads at once.
 */
public final class Dir implements AutoCloseable {
  private static final int DIRECTORY =
      OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW;
  private static final int NOFOLLOW = OpenFlags.AT_SYMLINK_NOFOLLOW;
  private static final int PRIVATE = 0600;

  /** The bits a change of owner takes away. */
  private static final int SET_ID = 06000;

  private final Fd fd;

  private Dir(Fd fd) {
    this.fd = fd;
  }

  /** Opens a directory of the host. Links in the path are followed. */
  public static Dir open(Path path) throws LinuxException {
    return new Dir(FileCalls.open(path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, 0));
  }

  static Dir of(Fd directory) {
    return new Dir(directory);
  }

  /** The descriptor, which stays this object's to close. */
  public Fd fd() {
    return fd;
  }

  /** Opens a directory in this one; a symbolic link is {@code ENOTDIR} or {@code ELOOP}. */
  public Dir directory(String name) throws LinuxException {
    return new Dir(FileCalls.openAt(fd, checked(name), DIRECTORY, 0));
  }

  /** Another handle on this directory, with its own reading position. */
  public Dir reopen() throws LinuxException {
    return new Dir(FileCalls.openAt(fd, ".", DIRECTORY, 0));
  }

  /** The names in this directory, in the order of their bytes. */
  public List<String> names() throws LinuxException {
    try (Dir fromStart = reopen()) {
      return DirectoryListing.names(fromStart.fd);
    }
  }

  /** What this directory is itself. */
  public FileStatus status() throws LinuxException {
    return TreeCalls.status(fd);
  }

  /** What a name is, empty if there is none. */
  public Optional<FileStatus> status(String name) throws LinuxException {
    try {
      return Optional.of(TreeCalls.status(fd.number(), checked(name), NOFOLLOW));
    } catch (LinuxException e) {
      if (e.is(Errno.ENOENT)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Extended attributes of a name, without those overlayfs keeps for itself. */
  public Map<String, byte[]> xattrs(String name) throws LinuxException {
    return Attributes.read(fd, checked(name));
  }

  /** As {@link #xattrs(String)} of an open file, which tells soon that there are none. */
  public Map<String, byte[]> xattrs(String name, Fd file) throws LinuxException {
    return XattrCalls.mayHaveAny(file) ? xattrs(name) : Map.of();
  }

  /** Extended attributes of this directory, without those overlayfs keeps for itself. */
  public Map<String, byte[]> xattrs() throws LinuxException {
    return Attributes.read(fd, ".");
  }

  /** Owner, mode, time and attributes of a name. */
  public Metadata metadata(String name) throws LinuxException {
    FileStatus status = TreeCalls.status(fd.number(), checked(name), NOFOLLOW);
    return Metadata.of(status, xattrs(name));
  }

  public String readLink(String name) throws LinuxException {
    return TreeCalls.readLink(fd.number(), checked(name));
  }

  /** Opens a regular file for reading; a fifo or device does not block, a link is {@code ELOOP}. */
  public Fd openFile(String name) throws LinuxException {
    int flags = OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW | OpenFlags.O_NONBLOCK;
    return FileCalls.openAt(fd, checked(name), flags, 0);
  }

  /** Makes a new empty file, open for writing, readable by its owner only until told otherwise. */
  public Fd createFile(String name) throws LinuxException {
    int flags = OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_NOFOLLOW;
    return FileCalls.openAt(fd, checked(name), flags, PRIVATE);
  }

  /** Makes a directory, mode 0755 before the umask. */
  public void makeDirectory(String name) throws LinuxException {
    TreeCalls.makeDirectory(fd.number(), checked(name), 0755);
  }

  public void makeSymlink(String name, String target) throws LinuxException {
    TreeCalls.makeSymlink(target, fd.number(), checked(name));
  }

  /** Gives {@code existing} of another directory (same file system) the additional name. */
  public void makeHardLink(String name, Dir other, String existing) throws LinuxException {
    TreeCalls.link(other.fd.number(), checked(existing), fd.number(), checked(name), 0);
  }

  /**
   * Makes a device, fifo or socket.
   *
   * @param mode with the type bits of {@link FileStatus}
   * @param device as {@link io.slipway.runtime.linux.DeviceNumber} makes it
   */
  public void makeNode(String name, int mode, long device) throws LinuxException {
    TreeCalls.makeNode(fd.number(), checked(name), mode, device);
  }

  /** Renames within or between directories of one file system, replacing what is there. */
  public void rename(String name, Dir other, String newName) throws LinuxException {
    TreeCalls.rename(fd.number(), checked(name), other.fd.number(), checked(newName), 0);
  }

  /** Removes a name and, if it is a directory, everything below; false if there was none. */
  public boolean remove(String name) throws LinuxException {
    return TreeRemoval.remove(this, checked(name));
  }

  /**
   * Gives a name its owner, attributes, mode and modification time, in the order that loses none of
   * them: changing the owner clears set-id bits and capabilities.
   */
  public void apply(String name, Metadata metadata) throws LinuxException {
    FileStatus status = TreeCalls.status(fd.number(), checked(name), NOFOLLOW);
    TreeCalls.changeOwner(fd.number(), name, metadata.uid(), metadata.gid(), NOFOLLOW);
    setXattrs(name, metadata.xattrs());
    boolean cleared = (status.permissions() & SET_ID) != 0;
    if (!status.isSymlink() && (cleared || status.permissions() != metadata.permissions())) {
      changeMode(name, metadata.permissions());
    }
    setModified(name, metadata.modified());
  }

  /** Gives this directory itself owner, attributes, mode and time. */
  public void apply(Metadata metadata) throws LinuxException {
    TreeCalls.changeOwner(fd.number(), ".", metadata.uid(), metadata.gid(), 0);
    Attributes.write(fd, ".", metadata.xattrs());
    TreeCalls.changeMode(fd.number(), ".", metadata.permissions());
    setTime(".", metadata.modified());
  }

  /** Sets attributes beside those the name has. */
  public void setXattrs(String name, Map<String, byte[]> xattrs) throws LinuxException {
    Attributes.write(fd, checked(name), xattrs);
  }

  public void changeOwner(String name, int uid, int gid) throws LinuxException {
    TreeCalls.changeOwner(fd.number(), checked(name), uid, gid, NOFOLLOW);
  }

  /** Sets permission bits; refused ({@code ELOOP}) for a symbolic link, which has none. */
  public void changeMode(String name, int permissions) throws LinuxException {
    // fchmodat follows links, so the name is pinned first by a descriptor that does not.
    try (Fd pinned =
        FileCalls.openAt(fd, checked(name), OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW, 0)) {
      if (TreeCalls.status(pinned).isSymlink()) {
        throw new LinuxException("fchmodat", name, Errno.ELOOP);
      }
      TreeCalls.changeMode(OpenFlags.AT_FDCWD, pinned.path().toString(), permissions);
    }
  }

  /** Sets the modification time; the access time becomes the same, as {@code cp -p} leaves it. */
  public void setModified(String name, TarTime time) throws LinuxException {
    setTime(checked(name), time);
  }

  /** Sets the modification time of this directory itself. */
  public void setModified(TarTime time) throws LinuxException {
    setTime(".", time);
  }

  private void setTime(String name, TarTime time) throws LinuxException {
    TreeCalls.setTimes(
        fd.number(), name, time.seconds(), time.nanos(), time.seconds(), time.nanos(), NOFOLLOW);
  }

  @Override
  public void close() {
    fd.close();
  }

  private static String checked(String name) {
    if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0) {
      throw new IllegalArgumentException("not the name of a directory entry: \"" + name + "\"");
    }
    return name;
  }
}
