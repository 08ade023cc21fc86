package io.slipway.runtime.layer;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.tar.TarTime;
import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.LinuxException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The directory an archive is applied to, seen together with the tree below it. It finds the
 * directory an entry goes into: links on the way are followed inside the tree, wherever they are; a
 * directory that only the tree below has is made again with its looks, since overlayfs shows those
 * of the upper one.
 */
final class UpperTree implements AutoCloseable {
  private static final int MAX_LINKS = 40;
  private static final int CACHED = 64;
  private static final int DEFAULT_MODE = 0755;

  private final Tree tree;
  private final LowerTree below;
  private final Grafts grafts;
  private final Map<String, Dir> cache = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<String, String> realPaths = new HashMap<>();
  private final List<Dir> retired = new ArrayList<>();
  private final Map<String, TarTime> times = new LinkedHashMap<>();

  private UpperTree(Tree tree, LowerTree below, Grafts grafts) {
    this.tree = tree;
    this.below = below;
    this.grafts = grafts;
  }

  static UpperTree open(Path root, LowerTree below, Grafts grafts) throws LinuxException {
    return new UpperTree(Tree.open(root), below, grafts);
  }

  /** Whether something is grafted where this clean path leads. */
  boolean isGrafted(String path) throws LinuxException {
    if (grafts.isEmpty()) {
      return false;
    }
    String parent = realPath(EntryPath.parent(path));
    String name = EntryPath.name(path);
    return grafts.at(parent.isEmpty() ? name : parent + "/" + name).isPresent();
  }

  /** Where a clean path of a directory leads; archives name many files of one after the other. */
  private String realPath(String path) throws LinuxException {
    String known = realPaths.get(path);
    if (known != null) {
      return known;
    }
    Walk walk = new Walk(path, true);
    walk.end().ifPresent(Dir::close);
    if (realPaths.size() > CACHED) {
      realPaths.clear();
    }
    realPaths.put(path, walk.endPath);
    return walk.endPath;
  }

  /** The directory at a clean path, made if need be. Closed by this object. */
  Dir directory(String path) throws LinuxException {
    Optional<Dir> found = cached(path);
    if (!grafts.isEmpty() && grafts.isClosed(realPath(path))) {
      throw SlipwayException.invalid(
          "\"/" + path + "\" is made by the kernel, nothing can be put into it");
    }
    return found.isPresent() ? found.get() : remember(path, new Walk(path, true).end().get());
  }

  /** The directory at a clean path if it is here or in the tree below. Closed by this object. */
  Optional<Dir> find(String path) throws LinuxException {
    Optional<Dir> found = cached(path);
    if (found.isPresent()) {
      return found;
    }
    return new Walk(path, false).end().map(dir -> remember(path, dir));
  }

  /** Keeps an open directory at hand for the entries in it; closed by this object from now on. */
  Dir remember(String path, Dir dir) {
    Dir replaced = cache.put(path, dir);
    if (replaced != null) {
      replaced.close();
    }
    if (cache.size() > CACHED) {
      var eldest = cache.entrySet().iterator();
      eldest.next().getValue().close();
      eldest.remove();
    }
    return dir;
  }

  /**
   * Forgets what was found: a directory or link that paths may lead through is gone. Directories
   * handed out stay open until the next entry asks.
   */
  void changed() {
    retired.addAll(cache.values());
    cache.clear();
    realPaths.clear();
  }

  /** Makes a name free that something could not be made at, if it was because it is taken. */
  void clear(LinuxException failure, Dir dir, String name) throws LinuxException {
    if (!failure.is(Errno.EEXIST)) {
      throw failure;
    }
    Optional<FileStatus> there = dir.status(name);
    dir.remove(name);
    if (there.isPresent() && (there.get().isDirectory() || there.get().isSymlink())) {
      changed();
    }
  }

  /** Sets the time of a directory at the end: putting something in would change it again. */
  void setTimeLater(String path, TarTime time) {
    times.put(path, time);
  }

  /** Sets the times of directories. */
  void finish() throws LinuxException {
    changed();
    for (Map.Entry<String, TarTime> later : times.entrySet()) {
      Optional<Dir> dir =
          grafts.isEmpty()
              ? tree.findDirectory(later.getKey())
              : new Walk(later.getKey(), false).end();
      if (dir.isPresent()) {
        try (Dir open = dir.get()) {
          open.setModified(later.getValue());
        }
      }
    }
  }

  @Override
  public void close() {
    changed();
    closeRetired();
    tree.close();
  }

  private void closeRetired() {
    retired.forEach(Dir::close);
    retired.clear();
  }

  private Optional<Dir> cached(String path) throws LinuxException {
    closeRetired();
    Dir known = cache.get(path);
    if (known != null) {
      return Optional.of(known);
    }
    if (!grafts.isEmpty()) {
      // The kernel's own walk would pass them by.
      return Optional.empty();
    }
    return tree.findDirectory(path).map(dir -> remember(path, dir));
  }

  /** One step of a walk: an open directory and whether the tree below shows through it. */
  private record Step(Dir dir, String name, boolean merged) {}

  /**
   * The slow way to a directory, name by name, when the kernel found that part of it is missing.
   */
  private final class Walk {
    private final String path;
    private final boolean create;
    private final Deque<String> open = new ArrayDeque<>();
    private final Deque<Step> done = new ArrayDeque<>();
    private int links;
    private boolean missing;
    private String endPath = "";

    Walk(String path, boolean create) {
      this.path = path;
      this.create = create;
    }

    /** The directory; empty if it is missing and not to be created. */
    Optional<Dir> end() throws LinuxException {
      try {
        done.addLast(new Step(tree.root().reopen(), "", !below.isEmpty()));
        push(path);
        while (!open.isEmpty() && !missing) {
          step(open.pop());
        }
        endPath = realPath();
        return missing ? Optional.empty() : Optional.of(done.removeLast().dir());
      } finally {
        done.forEach(step -> step.dir().close());
      }
    }

    private void step(String name) throws LinuxException {
      if (name.equals("..")) {
        if (done.size() > 1) {
          done.removeLast().dir().close();
        }
        return;
      }
      Step at = done.getLast();
      if (!grafts.isEmpty() && grafts.isClosed(realPath())) {
        throw SlipwayException.invalid(
            "\"/" + realPath() + "\" is made by the kernel, nothing can be put into it");
      }
      Optional<Path> graft = grafted(name);
      if (graft.isPresent()) {
        done.addLast(new Step(Dir.open(graft.get()), name, false));
        return;
      }
      Optional<FileStatus> here = at.dir().status(name);
      if (here.isEmpty()) {
        stepBelow(at, name);
      } else if (here.get().isDirectory()) {
        descend(at, name);
      } else if (here.get().isSymlink()) {
        follow(at.dir().readLink(name));
      } else if (here.get().isWhiteout() && create) {
        // Deleted and made again by the same layer: nothing of the old one shows through.
        at.dir().remove(name);
        make(at, name);
        Attributes.markOpaque(at.dir().fd(), name);
        descend(at, name);
      } else if (here.get().isWhiteout()) {
        missing = true;
      } else {
        throw SlipwayException.invalid(
            "layer puts \"" + path + "\" below \"" + name + "\", which is not a directory");
      }
    }

    private Optional<Path> grafted(String name) {
      if (grafts.isEmpty()) {
        return Optional.empty();
      }
      String parent = realPath();
      return grafts.at(parent.isEmpty() ? name : parent + "/" + name);
    }

    private void stepBelow(Step at, String name) throws LinuxException {
      String parent = realPath();
      Optional<FileStatus> lower = at.merged() ? below.status(parent, name) : Optional.empty();
      if (lower.filter(FileStatus::isDirectory).isPresent()) {
        copyUp(at, parent, name);
        descend(at, name);
      } else if (lower.filter(FileStatus::isSymlink).isPresent()) {
        try (Dir dir = below.directory(parent).orElseThrow()) {
          follow(dir.readLink(name));
        }
      } else if (create) {
        make(at, name);
        descend(at, name);
      } else {
        missing = true;
      }
    }

    private void descend(Step at, String name) throws LinuxException {
      boolean merged = at.merged() && !Attributes.isOpaque(at.dir().fd(), name);
      done.addLast(new Step(at.dir().directory(name), name, merged));
    }

    private void follow(String target) throws LinuxException {
      if (++links > MAX_LINKS) {
        throw new SlipwayException(
            ErrorKind.INVALID,
            "layer puts an entry below \"" + path + "\": " + Errno.ELOOP.sentence());
      }
      if (target.startsWith("/")) {
        while (done.size() > 1) {
          done.removeLast().dir().close();
        }
      }
      push(target);
    }

    private void make(Step at, String name) throws LinuxException {
      at.dir().makeDirectory(name);
      at.dir().changeMode(name, DEFAULT_MODE);
    }

    private void copyUp(Step at, String parent, String name) throws LinuxException {
      at.dir().makeDirectory(name);
      try (Dir dir = below.directory(parent).orElseThrow()) {
        Metadata metadata = dir.metadata(name);
        at.dir().apply(name, metadata);
        setTimeLater(parent.isEmpty() ? name : parent + "/" + name, metadata.modified());
      }
    }

    private String realPath() {
      StringBuilder real = new StringBuilder();
      for (Step step : done) {
        if (!step.name().isEmpty()) {
          real.append(real.isEmpty() ? "" : "/").append(step.name());
        }
      }
      return real.toString();
    }

    private void push(String names) {
      Deque<String> reversed = new ArrayDeque<>();
      Tree.names(names).forEach(reversed::push);
      reversed.forEach(open::push);
    }
  }
}
