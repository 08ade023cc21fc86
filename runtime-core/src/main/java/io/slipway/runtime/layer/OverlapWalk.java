package io.slipway.runtime.layer;

import io.slipway.runtime.linux.FileStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Finds what a snapshot's changes have to do with files below them: those that are there again only
 * for another mode or owner, and those that are gone. What is new, with whole new directories, is
 * not looked at.
 */
public final class OverlapWalk {
  private final Visitor visitor;

  /** Is told what is found; paths are relative to the root. */
  public interface Visitor {
    /** The same content with another mode, owner or attributes. */
    void repeated(String path, long bytes) throws IOException;

    /** A file, or a directory with all it holds, that the tree below has and that is gone. */
    void removed(String path) throws IOException;
  }

  private OverlapWalk(Visitor visitor) {
    this.visitor = visitor;
  }

  /**
   * Walks the directories that are on both sides.
   *
   * @param changes a snapshot's directory of changes in overlay format
   * @param below root of the merged tree below
   */
  public static void walk(Path changes, Path below, Visitor visitor) throws IOException {
    try (Dir upper = Dir.open(changes);
        Dir lower = Dir.open(below)) {
      new OverlapWalk(visitor).directory("", upper, lower, false);
    }
  }

  /**
   * @param replaced whether nothing of {@code lower} shows through
   */
  private void directory(String path, Dir upper, Dir lower, boolean replaced) throws IOException {
    for (String name : upper.names()) {
      Optional<FileStatus> now = upper.status(name);
      Optional<FileStatus> before = lower.status(name);
      if (now.isPresent() && before.isPresent()) {
        entry(path + name, name, upper, now.get(), lower, before.get(), replaced);
      }
    }
    if (replaced) {
      for (String name : lower.names()) {
        if (upper.status(name).isEmpty()) {
          visitor.removed(path + name);
        }
      }
    }
  }

  private void entry(
      String path,
      String name,
      Dir upper,
      FileStatus now,
      Dir lower,
      FileStatus before,
      boolean replaced)
      throws IOException {
    Cancellation.check("looking at a layer");
    if (now.isWhiteout()) {
      visitor.removed(path);
    } else if (now.isDirectory() && before.isDirectory()) {
      boolean again = replaced || Attributes.isOpaque(upper.fd(), name);
      try (Dir inside = upper.directory(name);
          Dir below = lower.directory(name)) {
        directory(path + "/", inside, below, again);
      }
    } else if (now.isDirectory() != before.isDirectory()) {
      visitor.removed(path);
    } else if (now.isRegular()
        && before.isRegular()
        && FileComparison.isRepeated(upper, now, lower, before, name)) {
      visitor.repeated(path, now.size());
    }
  }

  /** Bytes of the regular files at a path of a directory of changes; 0 if there is nothing. */
  public static long bytesAt(Path changes, String path) throws IOException {
    try (Dir root = Dir.open(changes)) {
      return bytesAt(root, path.split("/"), 0);
    }
  }

  private static long bytesAt(Dir dir, String[] names, int at) throws IOException {
    Optional<FileStatus> status = dir.status(names[at]);
    if (status.isEmpty()) {
      return 0;
    }
    if (at == names.length - 1) {
      return bytes(dir, names[at], status.get());
    }
    if (!status.get().isDirectory()) {
      return 0;
    }
    try (Dir next = dir.directory(names[at])) {
      return bytesAt(next, names, at + 1);
    }
  }

  private static long bytes(Dir dir, String name, FileStatus status) throws IOException {
    if (!status.isDirectory()) {
      return status.isRegular() ? status.size() : 0;
    }
    AtomicLong bytes = new AtomicLong();
    TreeWalk.walk(
        dir.directory(name),
        (in, child, found) -> bytes.addAndGet(found.isRegular() ? found.size() : 0));
    return bytes.get();
  }
}
