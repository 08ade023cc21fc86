package io.slipway.runtime.layer;

import io.slipway.image.tar.TarWriter;
import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.spec.IdMappings;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A file tree that somebody may be changing, with {@link Grafts}. Paths are walked name by name on
 * open directories, so that a link put in the way meanwhile leads nowhere else than inside the
 * tree.
 */
public final class GraftedTree implements AutoCloseable {
  private static final int MAX_LINKS = 40;

  private final Path rootPath;
  private final Dir root;
  private final Grafts grafts;
  private final Optional<IdMappings> users;

  private GraftedTree(Path rootPath, Dir root, Grafts grafts, Optional<IdMappings> users) {
    this.rootPath = rootPath;
    this.root = root;
    this.grafts = grafts;
    this.users = users;
  }

  /** Opens the tree below a directory of the host; keeps a descriptor of its own. */
  public static GraftedTree open(Path root, Grafts grafts) throws LinuxException {
    return open(root, grafts, Optional.empty());
  }

  /**
   * As {@link #open(Path, Grafts)}, where owners stand for others.
   *
   * @param users those of archives of it
   */
  public static GraftedTree open(Path root, Grafts grafts, Optional<IdMappings> users)
      throws LinuxException {
    Dir dir = Dir.open(root);
    return new GraftedTree(dir.fd().path(), dir, grafts, users);
  }

  Path rootPath() {
    return rootPath;
  }

  Grafts grafts() {
    return grafts;
  }

  /** Whom the owners of its files stand for, if not for themselves. */
  public Optional<IdMappings> users() {
    return users;
  }

  /** The root directory, owned by the tree. */
  public Dir root() {
    return root;
  }

  /**
   * Something in the tree, held open.
   *
   * @param path without links and dots; empty for the root
   * @param dir the directory itself, or for anything else the one it is in
   * @param name in {@code dir}; empty for a directory
   */
  public record Place(String path, Dir dir, String name, FileStatus status)
      implements AutoCloseable {
    public boolean isDirectory() {
      return name.isEmpty();
    }

    /** Where it leads to if it is a symbolic link, else empty. */
    public String linkTarget() throws LinuxException {
      return status.isSymlink() ? dir.readLink(name) : "";
    }

    @Override
    public void close() {
      dir.close();
    }
  }

  /**
   * Finds what a path leads to; empty if there is nothing.
   *
   * @param follow whether a link at the end is followed too; one with a slash behind it always is
   * @throws LinuxException {@code ELOOP} for links without end
   */
  public Optional<Place> find(String path, boolean follow) throws LinuxException {
    try (Walk walk = new Walk(follow || path.endsWith("/") || path.endsWith("/."))) {
      return walk.find(path);
    }
  }

  /**
   * Writes a place and all below it as an archive.
   *
   * @param name what the place is called there; empty for the root, whose entries then begin with a
   *     slash
   */
  public void writeTar(Place place, String name, OutputStream out) throws IOException {
    TarWriter tar = new TarWriter(out);
    try (EntryWriter entries = new EntryWriter(tar, Optional.empty(), users)) {
      if (place.isDirectory()) {
        entries.putDirectory(name, place.dir());
        writeBelow(place.path(), name, place.dir(), entries);
      } else if (place.status().type() != FileStatus.S_IFSOCK) {
        entries.put(name, place.dir(), place.name(), place.status());
      }
      tar.finish();
    }
  }

  private void writeBelow(String path, String prefix, Dir dir, EntryWriter entries)
      throws IOException {
    if (grafts.isClosed(path)) {
      return;
    }
    Set<String> names = new TreeSet<>(dir.names());
    names.addAll(grafts.namesIn(path));
    for (String name : names) {
      Cancellation.check("copying from a container");
      String child = path.isEmpty() ? name : path + "/" + name;
      String entry = prefix + "/" + name;
      Optional<Path> graft = grafts.at(child);
      if (graft.isPresent() && !Files.isDirectory(graft.get())) {
        try (Dir parent = Dir.open(graft.get().getParent())) {
          String file = graft.get().getFileName().toString();
          entries.put(entry, parent, file, parent.status(file).orElseThrow());
        }
        continue;
      }
      Optional<FileStatus> status = dir.status(name);
      boolean directory = graft.isPresent() || status.filter(FileStatus::isDirectory).isPresent();
      if (directory) {
        try (Dir inside = graft.isPresent() ? Dir.open(graft.get()) : dir.directory(name)) {
          entries.putDirectory(entry, inside);
          writeBelow(child, entry, inside, entries);
        }
      } else if (status.isPresent() && status.get().type() != FileStatus.S_IFSOCK) {
        entries.put(entry, dir, name, status.get());
      }
    }
  }

  @Override
  public void close() {
    root.close();
  }

  private record Step(Dir dir, String name) {}

  private final class Walk implements AutoCloseable {
    private final boolean follow;
    private final Deque<String> open = new ArrayDeque<>();
    private final Deque<Step> done = new ArrayDeque<>();
    private int links;
    private boolean missing;

    Walk(boolean follow) {
      this.follow = follow;
    }

    Optional<Place> find(String path) throws LinuxException {
      done.addLast(new Step(root.reopen(), ""));
      push(path);
      while (!open.isEmpty()) {
        String name = open.pop();
        if (name.equals("..")) {
          up();
          continue;
        }
        Optional<Place> end = step(name);
        if (end.isPresent()) {
          return end;
        }
        if (missing) {
          return Optional.empty();
        }
      }
      String real = realPath();
      Dir dir = done.removeLast().dir();
      return Optional.of(new Place(real, dir, "", dir.status()));
    }

    private Optional<Place> step(String name) throws LinuxException {
      Dir at = done.getLast().dir();
      if (grafts.isClosed(realPath())) {
        missing = true;
        return Optional.empty();
      }
      String child = child(name);
      Optional<Path> graft = grafts.at(child);
      if (graft.isPresent()) {
        return graft(child, name, graft.get());
      }
      Optional<FileStatus> status = at.status(name);
      if (status.isEmpty()) {
        missing = true;
        return Optional.empty();
      }
      if (status.get().isDirectory()) {
        done.addLast(new Step(at.directory(name), name));
        return Optional.empty();
      }
      if (status.get().isSymlink() && (follow || !open.isEmpty())) {
        follow(at.readLink(name));
        return Optional.empty();
      }
      return last(child, at.reopen(), name, status.get());
    }

    private Optional<Place> graft(String child, String name, Path host) throws LinuxException {
      if (Files.isDirectory(host)) {
        done.addLast(new Step(Dir.open(host), name));
        return Optional.empty();
      }
      Dir parent = Dir.open(host.getParent());
      String file = host.getFileName().toString();
      Optional<FileStatus> status = parent.status(file);
      if (status.isEmpty()) {
        parent.close();
        missing = true;
        return Optional.empty();
      }
      return last(child, parent, file, status.get());
    }

    /** Nothing can be below it. */
    private Optional<Place> last(String path, Dir dir, String name, FileStatus status) {
      if (open.isEmpty()) {
        return Optional.of(new Place(path, dir, name, status));
      }
      dir.close();
      missing = true;
      return Optional.empty();
    }

    private void follow(String target) throws LinuxException {
      if (++links > MAX_LINKS) {
        throw new LinuxException("open", realPath(), Errno.ELOOP);
      }
      if (target.startsWith("/")) {
        while (done.size() > 1) {
          up();
        }
      }
      push(target);
    }

    private void up() {
      if (done.size() > 1) {
        done.removeLast().dir().close();
      }
    }

    private String child(String name) {
      String parent = realPath();
      return parent.isEmpty() ? name : parent + "/" + name;
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

    @Override
    public void close() {
      done.forEach(step -> step.dir().close());
    }
  }
}
