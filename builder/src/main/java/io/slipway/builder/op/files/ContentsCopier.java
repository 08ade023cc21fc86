package io.slipway.builder.op.files;

import io.slipway.builder.context.SourceEntry;
import io.slipway.builder.context.SourceVisitor;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.linux.FileStatus;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Copies what a walk shows into a directory. Several names of one file stay names of one file. What
 * is put into a directory that this copy has made needs no look at what may be there.
 */
final class ContentsCopier implements SourceVisitor, AutoCloseable {
  private final CopyTarget target;
  private final String destination;
  private final String root;
  private final CopyRules rules;
  private final EntryPlacer placer;
  private final Optional<FormerFiles> former;

  /** The directories from the target down to where the walk is. */
  private final Deque<Level> open = new ArrayDeque<>();

  private final Map<Inode, Linked> links = new HashMap<>();

  private record Inode(long device, long number) {}

  /** A file that was copied, where another name of the same file can be linked to. */
  private record Linked(String directory, String name) {}

  /**
   * A directory of the target.
   *
   * @param path in the target's tree, without links
   * @param fresh whether it was made by this copy
   * @param former the one of a former result, if this is fresh
   */
  private record Level(Dir dir, String path, boolean fresh, Optional<Dir> former) {
    void close() {
      dir.close();
      former.ifPresent(Dir::close);
    }
  }

  /**
   * @param destination the directory that is copied into; in messages, too
   * @param root the same without links
   * @param fresh whether it was made for this copy
   * @param former files that need not be made again
   */
  ContentsCopier(
      CopyTarget target,
      String destination,
      String root,
      boolean fresh,
      CopyRules rules,
      Optional<FormerFiles> former)
      throws IOException {
    this.target = target;
    this.destination = destination;
    this.root = root;
    this.rules = rules;
    this.placer = new EntryPlacer(rules);
    this.former = former;
    Optional<Dir> formerTop =
        fresh && former.isPresent() ? former.get().top(root) : Optional.empty();
    try {
      open.push(new Level(target.directory(root, fresh), root, fresh, formerTop));
    } catch (IOException | RuntimeException e) {
      formerTop.ifPresent(Dir::close);
      placer.close();
      throw e;
    }
  }

  @Override
  public void enter(SourceEntry directory) throws IOException {
    if (Thread.interrupted()) {
      throw new SlipwayException(ErrorKind.CANCELLED, "build cancelled");
    }
    Level into = open.element();
    Optional<FileStatus> there =
        into.fresh() ? Optional.empty() : into.dir().status(directory.name());
    if (there.isEmpty()) {
      into.dir().makeDirectory(directory.name());
    } else if (!there.get().isDirectory()) {
      throw SlipwayException.invalid("mkdir " + path(directory) + ": not a directory");
    }
    String path = root + "/" + directory.path();
    boolean crossing = there.isEmpty() && !into.fresh();
    Dir made = crossing ? target.directory(path, true) : into.dir().directory(directory.name());
    try {
      boolean fresh = there.isEmpty();
      open.push(new Level(made, path, fresh, former(into, directory.name(), path, fresh)));
    } catch (IOException | RuntimeException e) {
      made.close();
      throw e;
    }
  }

  private Optional<Dir> former(Level into, String name, String path, boolean fresh)
      throws IOException {
    if (!fresh || former.isEmpty()) {
      return Optional.empty();
    }
    if (!into.fresh()) {
      return former.get().top(path);
    }
    return into.former().isPresent()
        ? former.get().directory(into.former().get(), name)
        : Optional.empty();
  }

  @Override
  public void file(SourceEntry file) throws IOException {
    Level into = open.element();
    FileStatus status = file.status();
    boolean several = status.links() > 1;
    var inode = new Inode(status.device(), status.inode());
    Linked first = several ? links.get(inode) : null;
    if (!into.fresh()) {
      TargetPath.clear(into.dir(), file.name(), path(file));
    }
    if (first == null) {
      if (!isLinked(file, into)) {
        placer.place(file, into.dir(), file.name());
      }
    } else {
      try (Dir other = target.directory(first.directory(), into.fresh())) {
        into.dir().makeHardLink(file.name(), other, first.name());
      }
    }
    if (several) {
      links.putIfAbsent(inode, new Linked(into.path(), file.name()));
    }
  }

  private boolean isLinked(SourceEntry file, Level into) throws IOException {
    return into.former().isPresent()
        && former.orElseThrow().link(file, into.former().get(), into.dir());
  }

  /** Last, because what is put into a directory changes its time. */
  @Override
  public void leave(SourceEntry directory) throws IOException {
    Level done = open.pop();
    try {
      done.dir().apply(rules.of(directory.metadata(), true, false));
    } finally {
      done.close();
    }
  }

  private String path(SourceEntry entry) {
    return (destination.endsWith("/") ? destination : destination + "/") + entry.path();
  }

  @Override
  public void close() {
    open.forEach(Level::close);
    placer.close();
  }
}
