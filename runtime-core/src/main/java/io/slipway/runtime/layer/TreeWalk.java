package io.slipway.runtime.layer;

import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.LinuxException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/**
 * Visits all that is below a directory, a directory after what it holds. Programs nest directories
 * deeper than a path can name or a stack of calls could follow; what is deeper than any layer can
 * hold ({@link #MAX_DEPTH}) is passed by.
 */
public final class TreeWalk {
  /** A path of 4,095 characters has half as many names; one descriptor is open for each. */
  static final int MAX_DEPTH = 2048;

  private final Visitor visitor;
  private final Deque<Level> open = new ArrayDeque<>();

  /** Is told of each entry, by its directory and its name in it. */
  @FunctionalInterface
  public interface Visitor {
    void visit(Dir dir, String name, FileStatus status) throws IOException;
  }

  /** A directory being walked, and how its parent knows it; the root has no parent. */
  private record Level(
      Dir dir, Iterator<String> names, Optional<String> name, Optional<FileStatus> status) {
    static Level of(Dir dir, Optional<String> name, Optional<FileStatus> status)
        throws LinuxException {
      try {
        return new Level(dir, dir.names().iterator(), name, status);
      } catch (LinuxException e) {
        dir.close();
        throw e;
      }
    }
  }

  private TreeWalk(Visitor visitor) {
    this.visitor = visitor;
  }

  /** Walks a directory; entries that come and go meanwhile are fine. */
  public static void walk(Path directory, Visitor visitor) throws IOException {
    walk(Dir.open(directory), visitor);
  }

  /** As the other, and closes {@code root}. */
  static void walk(Dir root, Visitor visitor) throws IOException {
    new TreeWalk(visitor).run(Level.of(root, Optional.empty(), Optional.empty()));
  }

  private void run(Level root) throws IOException {
    open.addLast(root);
    try {
      while (!open.isEmpty()) {
        Level level = open.getLast();
        if (level.names().hasNext()) {
          next(level.dir(), level.names().next());
        } else {
          open.removeLast().dir().close();
          if (level.name().isPresent()) {
            Dir parent = open.getLast().dir();
            visitor.visit(parent, level.name().get(), level.status().orElseThrow());
          }
        }
      }
    } finally {
      open.forEach(level -> level.dir().close());
    }
  }

  private void next(Dir in, String name) throws IOException {
    Optional<FileStatus> status = in.status(name);
    if (status.isEmpty()) {
      return;
    }
    if (status.get().isDirectory() && open.size() < MAX_DEPTH) {
      Optional<Dir> child = child(in, name);
      if (child.isPresent()) {
        open.addLast(Level.of(child.get(), Optional.of(name), status));
      }
      return;
    }
    visitor.visit(in, name, status.get());
  }

  private static Optional<Dir> child(Dir in, String name) throws LinuxException {
    try {
      return Optional.of(in.directory(name));
    } catch (LinuxException e) {
      if (in.status(name).filter(FileStatus::isDirectory).isEmpty()) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
