package io.slipway.builder.op.files;

import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.layer.Tree;
import java.io.IOException;

/**
 * Where files are put.
 *
 * @param tree as a container sees it
 * @param changes the directory that takes what is new in it; the tree's own if nothing is below it
 */
public record CopyTarget(Tree tree, Tree changes) {

  /** A directory of its own, with nothing below. */
  public static CopyTarget of(Tree tree) {
    return new CopyTarget(tree, tree);
  }

  /**
   * A directory by its path without links.
   *
   * @param fresh whether it was made by this step, so that nothing of a tree below shows through:
   *     then it is written to directly, which costs half of what overlayfs takes
   */
  Dir directory(String path, boolean fresh) throws IOException {
    return (fresh ? changes : tree).directory(path);
  }
}
