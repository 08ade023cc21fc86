package io.slipway.runtime.layer;

import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.PathBytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds what a snapshot changed: walks its directory in overlay format beside the merged tree
 * below, each directory's names in the order of their bytes. What counts as a change is the rule of
 * {@link FileComparison}; the parents of a change are visited before it; a directory that was
 * removed and made again shows as itself and the names it no longer has.
 */
public final class ChangeWalk {
  private static final int PATH_MAX = 4095;
  private static final Comparator<String> BY_BYTES =
      (a, b) -> Arrays.compareUnsigned(PathBytes.encode(a), PathBytes.encode(b));

  private final Set<String> excluded;
  private final ChangeVisitor visitor;
  private final Deque<Parent> parents = new ArrayDeque<>();

  /** A directory on the way; told to the visitor only when something in it is. */
  private static final class Parent {
    final String path;
    final Dir dir;
    final String name;
    final FileStatus status;
    boolean told;

    Parent(String path, Dir dir, String name, FileStatus status) {
      this.path = path;
      this.dir = dir;
      this.name = name;
      this.status = status;
    }
  }

  private ChangeWalk(Set<String> excluded, ChangeVisitor visitor) {
    this.excluded = excluded;
    this.visitor = visitor;
  }

  /**
   * Walks all changes.
   *
   * @param changes a snapshot's directory of changes, or with no {@code below} any tree
   * @param below root of the merged tree below
   * @param excluded paths to leave out with all they hold: mount points and their stubs
   */
  public static void walk(
      Path changes, Optional<Path> below, Set<String> excluded, ChangeVisitor visitor)
      throws IOException {
    try (Dir upper = Dir.open(changes)) {
      ChangeWalk walk = new ChangeWalk(excluded, visitor);
      if (below.isEmpty()) {
        walk.directory("", upper, Optional.empty(), false);
        return;
      }
      try (Dir lower = Dir.open(below.get())) {
        walk.directory("", upper, Optional.of(lower), false);
      }
    }
  }

  /**
   * @param lower the directory of the same path below, if there is one
   * @param replaced whether nothing of {@code lower} shows through
   */
  private void directory(String path, Dir upper, Optional<Dir> lower, boolean replaced)
      throws IOException {
    for (String name : names(upper, lower, replaced)) {
      String child = path.isEmpty() ? name : path + "/" + name;
      if (excluded.contains(child)) {
        continue;
      }
      Optional<FileStatus> now = upper.status(name);
      Optional<FileStatus> before = lower.isPresent() ? lower.get().status(name) : Optional.empty();
      if (now.isEmpty() || now.get().isWhiteout()) {
        if (before.isPresent()) {
          tellParents();
          visitor.deleted(child);
        }
      } else if (now.get().isDirectory()) {
        subdirectory(child, upper, name, now.get(), lower, before, replaced);
      } else if (now.get().type() != FileStatus.S_IFSOCK) {
        file(child, upper, name, now.get(), lower, before);
      }
    }
  }

  private static Iterable<String> names(Dir upper, Optional<Dir> lower, boolean replaced)
      throws LinuxException {
    List<String> own = upper.names();
    if (!replaced || lower.isEmpty()) {
      return own;
    }
    Set<String> both = new TreeSet<>(BY_BYTES);
    both.addAll(own);
    both.addAll(lower.get().names());
    return both;
  }

  private void file(
      String path,
      Dir upper,
      String name,
      FileStatus now,
      Optional<Dir> lower,
      Optional<FileStatus> before)
      throws IOException {
    if (before.isPresent()
        && FileComparison.isSame(upper, now, lower.orElseThrow(), before.get(), name)) {
      return;
    }
    tellParents();
    visitor.present(kind(before), checked(path), upper, name, now);
  }

  private void subdirectory(
      String path,
      Dir upper,
      String name,
      FileStatus now,
      Optional<Dir> lower,
      Optional<FileStatus> before,
      boolean replaced)
      throws IOException {
    boolean had = before.filter(FileStatus::isDirectory).isPresent();
    boolean same =
        had && FileComparison.isSame(upper, now, lower.orElseThrow(), before.get(), name);
    Parent self = new Parent(checked(path), upper, name, now);
    if (!same) {
      tellParents();
      visitor.present(kind(before), path, upper, name, now);
      self.told = true;
    }
    parents.addLast(self);
    try (Dir inside = upper.directory(name)) {
      if (!had) {
        directory(path, inside, Optional.empty(), false);
      } else {
        boolean again = replaced || Attributes.isOpaque(upper.fd(), name);
        try (Dir below = lower.orElseThrow().directory(name)) {
          directory(path, inside, Optional.of(below), again);
        }
      }
    }
    parents.removeLast();
  }

  private void tellParents() throws IOException {
    for (Parent parent : parents) {
      if (!parent.told) {
        visitor.present(ChangeKind.MODIFIED, parent.path, parent.dir, parent.name, parent.status);
        parent.told = true;
      }
    }
  }

  private static ChangeKind kind(Optional<FileStatus> before) {
    return before.isEmpty() ? ChangeKind.ADDED : ChangeKind.MODIFIED;
  }

  /** A program can nest directories deeper than anyone could unpack them. */
  private static String checked(String path) {
    if (path.length() > PATH_MAX) {
      throw SlipwayException.invalid(
          "a path is too long for a layer: \""
              + path.substring(0, 100)
              + "...\" has "
              + path.length()
              + " characters");
    }
    return path;
  }
}
