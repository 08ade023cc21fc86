package io.slipway.runtime.layer;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.TreeCalls;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * A file tree with its own root: paths are resolved as a process chrooted there would, so absolute
 * links and {@code ..} stay inside. Paths may begin with a slash or not.
 */
public final class Tree implements AutoCloseable {
  private static final int MAX_LINKS = 40;
  private static final int DIRECTORY = OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY;
  private static final long IN_ROOT = OpenFlags.RESOLVE_IN_ROOT | OpenFlags.RESOLVE_NO_MAGICLINKS;

  private final Dir root;

  private Tree(Dir root) {
    this.root = root;
  }

  /** Opens the tree whose root is a directory of the host. */
  public static Tree open(Path root) throws LinuxException {
    return new Tree(Dir.open(root));
  }

  public Dir root() {
    return root;
  }

  /** A directory of the tree, links followed. */
  public Dir directory(String path) throws LinuxException {
    return Dir.of(FileCalls.openAt2(root.fd(), rooted(path), DIRECTORY, 0, IN_ROOT));
  }

  /** As {@link #directory}, empty if there is none or it is something else. */
  public Optional<Dir> findDirectory(String path) throws LinuxException {
    try {
      return Optional.of(directory(path));
    } catch (LinuxException e) {
      if (isAbsence(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** What the path leads to, links followed, the last one too; empty if nothing. */
  public Optional<FileStatus> status(String path) throws LinuxException {
    try (Fd found = FileCalls.openAt2(root.fd(), rooted(path), OpenFlags.O_PATH, 0, IN_ROOT)) {
      return Optional.of(TreeCalls.status(found));
    } catch (LinuxException e) {
      if (isAbsence(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Opens a file for reading, links followed; a fifo does not block. */
  public Fd openFile(String path) throws LinuxException {
    int flags = OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK;
    return FileCalls.openAt2(root.fd(), rooted(path), flags, 0, IN_ROOT);
  }

  /**
   * The path with every link resolved inside the tree, starting with a slash. The part that does
   * not exist is kept as it is, its {@code ..} taken back name by name.
   */
  public String resolve(String path) throws LinuxException {
    Deque<String> open = new ArrayDeque<>();
    push(open, path);
    Deque<String> done = new ArrayDeque<>();
    int links = 0;
    while (!open.isEmpty()) {
      String name = open.pop();
      if (name.equals("..")) {
        done.pollLast();
        continue;
      }
      Optional<String> target = linkTarget(join(done), name);
      if (target.isEmpty()) {
        done.addLast(name);
        continue;
      }
      if (++links > MAX_LINKS) {
        throw new LinuxException("openat2", path, Errno.ELOOP);
      }
      if (target.get().startsWith("/")) {
        done.clear();
      }
      push(open, target.get());
    }
    return "/" + join(done);
  }

  /**
   * Opens a directory, making what is missing of its path; links on the way are followed inside the
   * tree, also where they lead to something missing.
   *
   * @param made owner and mode of the directories that are made; its time is not used, they get now
   * @throws SlipwayException {@code INVALID} if something on the way is not a directory
   */
  public Dir makeDirectories(String path, Metadata made) throws LinuxException {
    Dir dir = root.reopen();
    try {
      StringBuilder walked = new StringBuilder();
      for (String name : names(resolve(path))) {
        walked.append('/').append(name);
        Dir next = child(dir, name, made, walked);
        dir.close();
        dir = next;
      }
      return dir;
    } catch (LinuxException | RuntimeException e) {
      dir.close();
      throw e;
    }
  }

  @Override
  public void close() {
    root.close();
  }

  private static Dir child(Dir dir, String name, Metadata made, CharSequence walked)
      throws LinuxException {
    Optional<FileStatus> there = dir.status(name);
    if (there.isPresent() && !there.get().isDirectory()) {
      throw new SlipwayException(ErrorKind.INVALID, walked + ": not a directory");
    }
    if (there.isEmpty()) {
      dir.makeDirectory(name);
      dir.changeOwner(name, made.uid(), made.gid());
      dir.setXattrs(name, made.xattrs());
      dir.changeMode(name, made.permissions());
    }
    return dir.directory(name);
  }

  private Optional<String> linkTarget(String parent, String name) throws LinuxException {
    Optional<Dir> found = findDirectory(parent);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (Dir dir = found.get()) {
      boolean isLink = dir.status(name).filter(FileStatus::isSymlink).isPresent();
      return isLink ? Optional.of(dir.readLink(name)) : Optional.empty();
    }
  }

  static boolean isAbsence(LinuxException e) {
    return e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR);
  }

  /** openat2 takes "/x" as x in the root; the empty path means the root itself. */
  private static String rooted(String path) {
    return path.startsWith("/") ? path : "/" + path;
  }

  static Iterable<String> names(String path) {
    Deque<String> names = new ArrayDeque<>();
    push(names, path);
    return names;
  }

  /** Puts the names of a path in front, without empty ones and single dots. */
  private static void push(Deque<String> names, String path) {
    String[] parts = path.split("/");
    for (int i = parts.length - 1; i >= 0; i--) {
      if (!parts[i].isEmpty() && !parts[i].equals(".")) {
        names.push(parts[i]);
      }
    }
  }

  private static String join(Deque<String> names) {
    return String.join("/", names);
  }
}
