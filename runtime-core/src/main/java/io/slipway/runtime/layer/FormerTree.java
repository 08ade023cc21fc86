package io.slipway.runtime.layer;

import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.TreeCalls;
import io.slipway.runtime.linux.XattrCalls;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A directory that an archive was unpacked into, as a store of files for the next one. Nothing of
 * it is trusted but the bytes that are read: a file is offered if it has one name only, the wanted
 * size, and nothing that a new file would not have. Links in it are not followed. For one thread.
 */
public final class FormerTree implements FormerFiles, AutoCloseable {
  private static final int CACHED = 64;
  private static final int DIRECTORY = OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY;
  private static final long INSIDE = OpenFlags.RESOLVE_BENEATH | OpenFlags.RESOLVE_NO_SYMLINKS;

  private final Dir root;
  private final Map<String, Optional<Dir>> directories = new LinkedHashMap<>(16, 0.75f, true);

  private FormerTree(Dir root) {
    this.root = root;
  }

  public static FormerTree open(Path root) throws LinuxException {
    return new FormerTree(Dir.open(root));
  }

  @Override
  public Optional<FormerFile> find(String path, long size) throws LinuxException {
    Optional<Dir> dir = directory(EntryPath.parent(path));
    if (dir.isEmpty()) {
      return Optional.empty();
    }
    String name = EntryPath.name(path);
    Fd file;
    try {
      file = dir.get().openFile(name);
    } catch (LinuxException e) {
      if (isNoFile(e)) {
        return Optional.empty();
      }
      throw e;
    }
    try {
      if (isUsable(file, size)) {
        return Optional.of(new FormerFile(dir.get(), name, file));
      }
    } catch (LinuxException | RuntimeException e) {
      file.close();
      throw e;
    }
    file.close();
    return Optional.empty();
  }

  private static boolean isUsable(Fd file, long size) throws LinuxException {
    FileStatus status = TreeCalls.status(file);
    return status.isRegular()
        && status.size() == size
        && status.links() == 1
        && !XattrCalls.mayHaveAny(file);
  }

  private Optional<Dir> directory(String path) throws LinuxException {
    if (path.isEmpty()) {
      return Optional.of(root);
    }
    Optional<Dir> known = directories.get(path);
    if (known != null) {
      return known;
    }
    Optional<Dir> found = opened(path);
    directories.put(path, found);
    if (directories.size() > CACHED) {
      var eldest = directories.entrySet().iterator();
      eldest.next().getValue().ifPresent(Dir::close);
      eldest.remove();
    }
    return found;
  }

  private Optional<Dir> opened(String path) throws LinuxException {
    try {
      return Optional.of(Dir.of(FileCalls.openAt2(root.fd(), path, DIRECTORY, 0, INSIDE)));
    } catch (LinuxException e) {
      if (isNoFile(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Not there, or a link, or a socket, or below something that is no directory. */
  private static boolean isNoFile(LinuxException e) {
    return Tree.isAbsence(e) || e.is(Errno.ELOOP) || e.is(Errno.ENXIO) || e.is(Errno.ENAMETOOLONG);
  }

  @Override
  public void close() {
    directories.values().forEach(dir -> dir.ifPresent(Dir::close));
    root.close();
  }
}
