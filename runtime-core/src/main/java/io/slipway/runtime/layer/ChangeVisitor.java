package io.slipway.runtime.layer;

import io.slipway.runtime.linux.FileStatus;
import java.io.IOException;

/** Is told the differences between a directory of changes and the tree below it, in order. */
public interface ChangeVisitor {

  /**
   * A path that was added or modified, or is the parent of one that was (then {@code MODIFIED}).
   *
   * @param path relative to the root
   * @param dir the directory that holds it, open during the call
   * @param name its name there
   */
  void present(ChangeKind kind, String path, Dir dir, String name, FileStatus status)
      throws IOException;

  /** A path that the tree below has and that is gone. */
  void deleted(String path) throws IOException;
}
