package io.slipway.builder.context;

import io.slipway.builder.graph.ContentRead;
import io.slipway.image.model.Digest;
import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.layer.Tree;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What stands for everything a step reads of a tree (spec/dockerfile.md 4.2): names, types, modes,
 * owners, sizes, link targets, devices, attributes and contents, but no times. Equal digests mean
 * that a copy makes the same files.
 */
public final class ContentDigests {
  private ContentDigests() {}

  /**
   * The digest of what is read of a stage's tree.
   *
   * @throws io.slipway.image.error.SlipwayException as {@link SourceMatches#find}
   */
  public static Digest of(SourceTree tree, ContentRead read) throws IOException {
    return read(tree, read, Optional.empty()).digest();
  }

  /** As {@link #of}, with what there is. */
  public static ReadContent listed(SourceTree tree, ContentRead read) throws IOException {
    return read(tree, read, Optional.empty());
  }

  static ReadContent read(SourceTree tree, ContentRead read, Optional<KnownDigests> known)
      throws IOException {
    boolean deep = read.parents().isPresent();
    List<SourceMatch> matches = SourceMatches.find(tree, read.path(), read.wildcards(), deep);
    try (Tree open = tree.open();
        EntryDigest digest = new EntryDigest(known, tree.ownedByRoot())) {
      for (SourceMatch match : matches) {
        String name = deep ? match.below(read.parents().getAsInt()) : match.baseName();
        digest.match(name);
        if (deep) {
          addParents(tree, open, match.parents(read.parents().getAsInt()), digest);
        }
        if (!match.path().isEmpty()) {
          add(tree, open, match, digest);
        } else if (!tree.ownedByRoot()) {
          // The root of a context is a folder of somebody's machine, not something that is copied.
          digest.enter(new SourceEntry("", open.root(), "", match.status(), false));
        }
        if (match.status().isDirectory()) {
          SourceWalk.below(tree, match.path(), deep ? name : "", read.excludes(), digest);
        }
      }
      return digest.finish();
    }
  }

  /** The directories that are copied along, without what else is in them. */
  private static void addParents(
      SourceTree tree, Tree open, List<String> parents, EntryDigest digest) throws IOException {
    for (String parent : parents) {
      try (Dir directory = open.directory(parent)) {
        digest.enter(new SourceEntry("", directory, "", directory.status(), tree.ownedByRoot()));
      }
    }
  }

  private static void add(SourceTree tree, Tree open, SourceMatch match, EntryDigest digest)
      throws IOException {
    try (Dir parent = open.directory(match.parent())) {
      SourceEntry entry =
          new SourceEntry("", parent, match.name(), match.status(), tree.ownedByRoot());
      if (match.status().isDirectory()) {
        digest.enter(entry);
      } else {
        digest.file(entry);
      }
    }
  }
}
