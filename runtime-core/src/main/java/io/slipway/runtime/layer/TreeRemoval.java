package io.slipway.runtime.layer;

import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.TreeCalls;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Removes a tree without following links, however deep: a program in a container can nest
 * directories far beyond what a path can name or descriptors can hold open. A directory at the
 * depth limit is moved next to the root of the removal and comes up again from there.
 */
final class TreeRemoval {
  private static final int MAX_DEPTH = 128;
  private static final String MOVED = ".removed-";

  private final Dir base;
  private final Deque<String> roots = new ArrayDeque<>();
  private long moved;

  private record Level(Dir parent, String name, Dir dir, Iterator<String> names) {}

  private TreeRemoval(Dir base) {
    this.base = base;
  }

  static boolean remove(Dir parent, String name) throws LinuxException {
    if (unlinked(parent, name)) {
      return true;
    }
    if (parent.status(name).isEmpty()) {
      return false;
    }
    TreeRemoval removal = new TreeRemoval(parent);
    removal.roots.push(name);
    while (!removal.roots.isEmpty()) {
      removal.removeTree(removal.roots.pop());
    }
    return true;
  }

  private void removeTree(String root) throws LinuxException {
    Deque<Level> open = new ArrayDeque<>();
    try {
      open.push(level(base, root));
      while (!open.isEmpty()) {
        Level level = open.peek();
        if (!level.names.hasNext()) {
          open.pop();
          level.dir.close();
          TreeCalls.unlink(level.parent.fd().number(), level.name, OpenFlags.AT_REMOVEDIR);
          continue;
        }
        String name = level.names.next();
        if (unlinked(level.dir, name)) {
          continue;
        }
        if (open.size() < MAX_DEPTH) {
          open.push(level(level.dir, name));
        } else {
          String aside = MOVED + moved++ + "-" + ProcessHandle.current().pid();
          level.dir.rename(name, base, aside);
          roots.push(aside);
        }
      }
    } finally {
      open.forEach(level -> level.dir.close());
    }
  }

  private static Level level(Dir parent, String name) throws LinuxException {
    Dir dir = parent.directory(name);
    return new Level(parent, name, dir, dir.names().iterator());
  }

  /** True if it was there and is no directory; false if it is one or is not there. */
  private static boolean unlinked(Dir parent, String name) throws LinuxException {
    try {
      TreeCalls.unlink(parent.fd().number(), name, 0);
      return true;
    } catch (LinuxException e) {
      if (e.is(Errno.EISDIR) || e.is(Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
  }
}
