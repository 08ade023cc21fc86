package io.slipway.builder.op.files;

import io.slipway.builder.context.SourceEntry;
import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.layer.Metadata;
import io.slipway.runtime.layer.Tree;
import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.LinuxException;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Finds files in a {@link FormerLayer} that a copy would only make again. For one copy. */
final class FormerFiles {
  private final FormerLayer layer;
  private final String prefix;
  private final CopyRules rules;
  private final Set<Long> used = new HashSet<>();

  /**
   * @param source what the copied directory is called in listings; empty for the root
   */
  FormerFiles(FormerLayer layer, String source, CopyRules rules) {
    this.layer = layer;
    this.prefix = source.isEmpty() ? "" : source + "/";
    this.rules = rules;
  }

  /** The directory of that path in the layer; links are followed inside it. */
  Optional<Dir> top(String path) throws IOException {
    try (Tree tree = Tree.open(layer.changes())) {
      return tree.findDirectory(path);
    }
  }

  /** A directory in one of the layer's. */
  Optional<Dir> directory(Dir parent, String name) throws IOException {
    return parent.status(name).filter(FileStatus::isDirectory).isPresent()
        ? Optional.of(parent.directory(name))
        : Optional.empty();
  }

  /**
   * Gives the layer's file a second name, if it is what a copy would be.
   *
   * @param former where the layer has it
   * @return whether it has
   */
  boolean link(SourceEntry file, Dir former, Dir into) throws IOException {
    FileStatus status = file.status();
    if (!status.isRegular()
        || status.links() > 1
        || layer.changed().contains(prefix + file.path())) {
      return false;
    }
    Optional<FileStatus> there = former.status(file.name());
    if (there.isEmpty() || !isCopy(there.get(), file) || !used.add(there.get().inode())) {
      return false;
    }
    try {
      into.makeHardLink(file.name(), former, file.name());
      return true;
    } catch (LinuxException e) {
      if (e.is(Errno.EMLINK)) {
        return false;
      }
      throw e;
    }
  }

  private boolean isCopy(FileStatus there, SourceEntry file) {
    Metadata copied = rules.of(file.counted(Metadata.of(file.status())), false, false);
    Metadata wanted =
        layer
            .latest()
            .map(latest -> copied.withModified(copied.modified().notAfter(latest)))
            .orElse(copied);
    return there.isRegular()
        && there.size() == file.status().size()
        && wanted.equals(Metadata.of(there));
  }
}
