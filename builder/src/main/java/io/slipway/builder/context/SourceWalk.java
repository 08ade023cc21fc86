package io.slipway.builder.context;

import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.layer.Tree;
import io.slipway.runtime.linux.FileStatus;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Goes through everything visible below a directory of a {@link SourceTree}. A directory that is
 * left out is shown all the same if something below it is not. Links are shown, never followed.
 * Each level on the way down holds a descriptor.
 */
public final class SourceWalk {
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
    private boolean shown;

    Level(Level above, SourceEntry entry, String path, int hidden, int excluded) {
      this.above = above;
      this.entry = entry;
      this.path = path;
      this.hidden = hidden;
      this.excluded = excluded;
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
      walk.all(dir, new Level(null, null, directory, hidden, patterns.decide(name)));
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

  /** A directory whose entries are being gone through. */
  private record Frame(Dir dir, Level level, Iterator<String> names) {
    Frame(Dir dir, Level level) throws IOException {
      this(dir, level, dir.names().iterator());
    }
  }

  /** The frames and not the thread's stack hold the way down: trees may be as deep as paths go. */
  private void all(Dir top, Level level) throws IOException {
    Deque<Frame> frames = new ArrayDeque<>();
    frames.push(new Frame(top, level));
    try {
      while (!frames.isEmpty()) {
        Frame frame = frames.element();
        if (frame.names().hasNext()) {
          Optional<Level> below = entry(frame, frame.names().next());
          if (below.isPresent()) {
            frames.push(open(frame.dir(), below.get()));
          }
        } else {
          frames.pop();
          leave(frame, frames.isEmpty());
        }
      }
    } finally {
      frames.stream().filter(frame -> frame.dir() != top).forEach(frame -> frame.dir().close());
    }
  }

  private static Frame open(Dir parent, Level level) throws IOException {
    Dir dir = parent.directory(level.entry.name());
    try {
      return new Frame(dir, level);
    } catch (IOException | RuntimeException e) {
      dir.close();
      throw e;
    }
  }

  private void leave(Frame frame, boolean top) throws IOException {
    if (top) {
      return;
    }
    frame.dir().close();
    if (frame.level().shown) {
      visitor.leave(frame.level().entry);
    }
  }

  /** Shows an entry if it is visible; a directory that is to be gone into is the answer. */
  private Optional<Level> entry(Frame frame, String name) throws IOException {
    Level level = frame.level();
    String path = level.path.isEmpty() ? name : level.path + "/" + name;
    String relative = start.isEmpty() ? path : path.substring(start.length() + 1);
    int hidden = tree.hidden().decide(level.hidden, path);
    int excluded = excludes.decide(level.excluded, prefix + relative);
    boolean visible = !tree.hidden().excludes(hidden) && !excludes.excludes(excluded);
    if (!visible && !mayShowBelow(hidden, path, excluded, prefix + relative)) {
      return Optional.empty();
    }
    Optional<FileStatus> status = frame.dir().status(name);
    if (status.isEmpty() || !visible && !status.get().isDirectory()) {
      return Optional.empty();
    }
    SourceEntry entry =
        new SourceEntry(relative, frame.dir(), name, status.get(), tree.ownedByRoot());
    if (status.get().isDirectory()) {
      Level below = new Level(level, entry, path, hidden, excluded);
      if (visible) {
        show(below);
      }
      return Optional.of(below);
    }
    show(level);
    visitor.file(entry);
    return Optional.empty();
  }

  /** Shows a directory, after those above it that are shown for its sake only. */
  private void show(Level level) throws IOException {
    Deque<Level> unseen = new ArrayDeque<>();
    for (Level at = level; !at.shown; at = at.above) {
      unseen.push(at);
    }
    for (Level at : unseen) {
      at.shown = true;
      visitor.enter(at.entry);
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
