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
import java.util.Iterator;
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

  /** From the root down; programs nest directories deeper than a stack of calls could follow. */
  private final Deque<Level> open = new ArrayDeque<>();

  /** An entry as the visitor is told of it. */
  private record Entry(String path, Dir dir, String name, FileStatus status) {}

  /**
   * A directory being walked.
   *
   * <p>{@code lower} is the directory of the same path below, if there is one; {@code replaced}
   * says whether nothing of it shows through. {@code self} is empty for the root.
   */
  private static final class Level {
    final Optional<Entry> self;
    final String path;
    final Dir upper;
    final Optional<Dir> lower;
    final boolean replaced;
    final Iterator<String> names;

    /** Told to the visitor only when something in it is. */
    boolean told;

    Level(Optional<Entry> self, Dir upper, Optional<Dir> lower, boolean replaced, boolean told)
        throws LinuxException {
      this.self = self;
      this.path = self.map(Entry::path).orElse("");
      this.upper = upper;
      this.lower = lower;
      this.replaced = replaced;
      this.names = names(upper, lower, replaced).iterator();
      this.told = told;
    }

    void close() {
      upper.close();
      lower.ifPresent(Dir::close);
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
   * @param excluded paths to leave out with all they hold: mount points and their stubs; of one
   *     with a slash behind it only what it holds
   */
  public static void walk(
      Path changes, Optional<Path> below, Set<String> excluded, ChangeVisitor visitor)
      throws IOException {
    Optional<Dir> lower = below.isPresent() ? Optional.of(Dir.open(below.get())) : Optional.empty();
    new ChangeWalk(excluded, visitor).walk(() -> Dir.open(changes), lower);
  }

  @FunctionalInterface
  private interface Opening {
    Dir open() throws LinuxException;
  }

  private void walk(Opening changes, Optional<Dir> lower) throws IOException {
    try {
      enter(Optional.empty(), changes, lower, false, true);
      while (!open.isEmpty()) {
        Level level = open.getLast();
        if (level.names.hasNext()) {
          next(level, level.names.next());
        } else {
          open.removeLast().close();
        }
      }
    } finally {
      open.forEach(Level::close);
    }
  }

  /** Closes {@code lower} whatever happens. */
  private void enter(
      Optional<Entry> self, Opening upper, Optional<Dir> lower, boolean replaced, boolean told)
      throws LinuxException {
    Dir opened = null;
    try {
      opened = upper.open();
      open.addLast(new Level(self, opened, lower, replaced, told));
    } catch (LinuxException | RuntimeException e) {
      lower.ifPresent(Dir::close);
      if (opened != null) {
        opened.close();
      }
      throw e;
    }
  }

  private void next(Level in, String name) throws IOException {
    String child = in.path.isEmpty() ? name : in.path + "/" + name;
    if (excluded.contains(child)) {
      return;
    }
    Optional<FileStatus> now = in.upper.status(name);
    Optional<FileStatus> before =
        in.lower.isPresent() ? in.lower.get().status(name) : Optional.empty();
    if (now.isEmpty() || now.get().isWhiteout()) {
      if (before.isPresent()) {
        tellParents();
        visitor.deleted(child);
      }
    } else if (now.get().isDirectory()) {
      subdirectory(in, new Entry(checked(child), in.upper, name, now.get()), before);
    } else if (now.get().type() != FileStatus.S_IFSOCK) {
      file(in, new Entry(child, in.upper, name, now.get()), before);
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

  private void file(Level in, Entry file, Optional<FileStatus> before) throws IOException {
    if (!isSame(in, file, before)) {
      tellParents();
      checked(file.path);
      tell(kind(before), file);
    }
  }

  private static boolean isSame(Level in, Entry entry, Optional<FileStatus> before)
      throws IOException {
    return before.isPresent()
        && FileComparison.isSame(
            in.upper, entry.status, in.lower.orElseThrow(), before.get(), entry.name);
  }

  private void subdirectory(Level in, Entry self, Optional<FileStatus> before) throws IOException {
    boolean had = before.filter(FileStatus::isDirectory).isPresent();
    boolean same = had && isSame(in, self, before);
    if (!same) {
      tellParents();
      tell(kind(before), self);
    }
    if (excluded.contains(self.path + "/")) {
      return;
    }
    boolean again = had && (in.replaced || Attributes.isOpaque(in.upper.fd(), self.name));
    Optional<Dir> below =
        had ? Optional.of(in.lower.orElseThrow().directory(self.name)) : Optional.empty();
    enter(Optional.of(self), () -> in.upper.directory(self.name), below, again, !same);
  }

  private void tellParents() throws IOException {
    // Most are told: only those at the end can be not.
    Deque<Level> untold = new ArrayDeque<>();
    var up = open.descendingIterator();
    for (Level level = up.next(); !level.told; level = up.next()) {
      untold.push(level);
    }
    for (Level level : untold) {
      tell(ChangeKind.MODIFIED, level.self.orElseThrow());
      level.told = true;
    }
  }

  private void tell(ChangeKind kind, Entry entry) throws IOException {
    visitor.present(kind, entry.path, entry.dir, entry.name, entry.status);
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
