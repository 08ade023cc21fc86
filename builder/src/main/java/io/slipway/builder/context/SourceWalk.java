package io.slipway.builder.context;

import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.layer.Tree;
import io.slipway.runtime.linux.FileStatus;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Goes through everything visible below a directory of a {@link SourceTree}. A directory that is
 * left out is shown all the same if something below it is not. Links are shown, never followed.
 */
public final class SourceWalk {
  /** Each level holds a descriptor; no path that programs use comes near. */
  private static final int MAX_DEPTH = 1000;

  private final SourceTree tree;
  private final PathPatterns excludes;
  private final SourceVisitor visitor;
  private final String start;
  private final String prefix;

  /** A directory on the way down. It is shown when it is met, or when something in it is. */
  private static final class Level {
    private final Level above;
    private final SourceEntry entry;
    private final String path;
    private final int hidden;
    private final int excluded;
    private final int depth;
    private boolean shown;

    Level(Level above, SourceEntry entry, String path, int hidden, int excluded) {
      this.above = above;
      this.entry = entry;
      this.path = path;
      this.hidden = hidden;
      this.excluded = excluded;
      this.depth = above == null ? 0 : above.depth + 1;
      this.shown = above == null;
    }
  }

  private SourceWalk(
      SourceTree tree, String start, String prefix, PathPatterns excludes, SourceVisitor visitor) {
    this.tree = tree;
    this.start = start;
    this.prefix = prefix;
    this.excludes = excludes;
    this.visitor = visitor;
  }

  /**
   * Walks a directory; it is not shown itself.
   *
   * @param directory as {@link SourceMatch#path} has it
   * @param excludes patterns of what to leave out besides, from that directory on, in the form of
   *     {@code .dockerignore} lines
   */
  public static void below(
      SourceTree tree, String directory, List<String> excludes, SourceVisitor visitor)
      throws IOException {
    below(tree, directory, "", excludes, visitor);
  }

  /**
   * As {@link #below(SourceTree, String, List, SourceVisitor)}.
   *
   * @param name what the directory is called to the patterns, which begin above it; empty if they
   *     begin in it
   */
  public static void below(
      SourceTree tree, String directory, String name, List<String> excludes, SourceVisitor visitor)
      throws IOException {
    PathPatterns patterns = PathPatterns.of(excludes);
    String prefix = name.isEmpty() ? "" : name + "/";
    SourceWalk walk = new SourceWalk(tree, directory, prefix, patterns, visitor);
    try (Tree open = tree.open();
        Dir dir = open.directory(directory)) {
      int hidden = tree.hidden().decide(directory);
      walk.directory(dir, new Level(null, null, directory, hidden, patterns.decide(name)));
    }
  }

  /** Whether patterns, in the form of {@code .dockerignore} lines, leave a path out. */
  public static boolean leavesOut(List<String> excludes, String path) {
    return PathPatterns.of(excludes).excludes(path);
  }

  /** Whether anything below a directory that is left out is visible. */
  static boolean findsAny(SourceTree tree, String directory) throws IOException {
    FirstFound first = new FirstFound();
    try {
      below(tree, directory, List.of(), first);
    } catch (Found e) {
      return true;
    }
    return false;
  }

  private void directory(Dir dir, Level level) throws IOException {
    if (level.depth > MAX_DEPTH) {
      throw SlipwayException.invalid(
          "directories nest more than " + MAX_DEPTH + " deep: " + level.path.substring(0, 80));
    }
    for (String name : dir.names()) {
      String path = level.path.isEmpty() ? name : level.path + "/" + name;
      String relative = start.isEmpty() ? path : path.substring(start.length() + 1);
      int hidden = tree.hidden().decide(level.hidden, path);
      int excluded = excludes.decide(level.excluded, prefix + relative);
      boolean visible = !tree.hidden().excludes(hidden) && !excludes.excludes(excluded);
      if (!visible && !mayShowBelow(hidden, path, excluded, prefix + relative)) {
        continue;
      }
      Optional<FileStatus> status = dir.status(name);
      if (status.isEmpty() || !visible && !status.get().isDirectory()) {
        continue;
      }
      SourceEntry entry = new SourceEntry(relative, dir, name, status.get(), tree.ownedByRoot());
      if (status.get().isDirectory()) {
        descend(dir, new Level(level, entry, path, hidden, excluded), visible);
      } else {
        show(level);
        visitor.file(entry);
      }
    }
  }

  private void descend(Dir dir, Level level, boolean visible) throws IOException {
    if (visible) {
      show(level);
    }
    try (Dir child = dir.directory(level.entry.name())) {
      directory(child, level);
    }
    if (level.shown) {
      visitor.leave(level.entry);
    }
  }

  private void show(Level level) throws IOException {
    if (!level.shown) {
      show(level.above);
      level.shown = true;
      visitor.enter(level.entry);
    }
  }

  /** Both sets of patterns must let something through, those that leave the directory out. */
  private boolean mayShowBelow(int hidden, String path, int excluded, String relative) {
    PathPatterns rules = tree.hidden();
    return (!rules.excludes(hidden) || rules.mayReinclude(hidden, path))
        && (!excludes.excludes(excluded) || excludes.mayReinclude(excluded, relative));
  }

  private static final class Found extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** Ends the walk at the first thing it is shown. */
  private static final class FirstFound implements SourceVisitor {
    @Override
    public void enter(SourceEntry directory) throws IOException {
      throw new Found();
    }

    @Override
    public void file(SourceEntry file) throws IOException {
      throw new Found();
    }

    @Override
    public void leave(SourceEntry directory) {}
  }
}
