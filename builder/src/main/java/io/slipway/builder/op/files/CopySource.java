package io.slipway.builder.op.files;

import io.slipway.runtime.layer.Tree;
import java.io.IOException;
import java.util.List;

/** A tree that files are copied from, as a copy may see it. */
public interface CopySource {
  /** The files. */
  Tree tree();

  /** Whether everything counts as owned by root, as in a build context. */
  boolean ownedByRoot();

  /** Whether a path (from the root, starting with a slash) is part of the tree at all. */
  Sight sight(String path, boolean directory, List<String> excludes, String base)
      throws IOException;

  /**
   * The paths that a source means, in the order they are copied: itself, or what a pattern matches.
   *
   * @throws io.slipway.image.error.SlipwayException NOT_FOUND in docker's words for a plain path
   *     that is not there
   */
  List<String> matches(String source, boolean wildcards) throws IOException;

  /** What is to be seen of a path. */
  enum Sight {
    SHOWN,
    HIDDEN,
    /** A directory that is left out but may hold something that is not. */
    PERHAPS_BELOW
  }
}
