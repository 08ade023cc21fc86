package io.slipway.runtime.layer;

import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.LinuxException;
import java.nio.file.Path;
import java.util.Optional;

/** The merged tree of the layers below, to look things up in; possibly there is none. */
final class LowerTree implements AutoCloseable {
  private final Optional<Tree> tree;

  private LowerTree(Optional<Tree> tree) {
    this.tree = tree;
  }

  static LowerTree open(Optional<Path> root) throws LinuxException {
    return new LowerTree(root.isPresent() ? Optional.of(Tree.open(root.get())) : Optional.empty());
  }

  boolean isEmpty() {
    return tree.isEmpty();
  }

  /** A directory by its real path; empty if there is none. */
  Optional<Dir> directory(String path) throws LinuxException {
    return tree.isPresent() ? tree.get().findDirectory(path) : Optional.empty();
  }

  /** What a name in a directory is, itself not followed. */
  Optional<FileStatus> status(String directory, String name) throws LinuxException {
    Optional<Dir> dir = directory(directory);
    if (dir.isEmpty()) {
      return Optional.empty();
    }
    try (Dir open = dir.get()) {
      return open.status(name);
    }
  }

  @Override
  public void close() {
    tree.ifPresent(Tree::close);
  }
}
