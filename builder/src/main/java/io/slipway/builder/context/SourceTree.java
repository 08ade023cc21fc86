package io.slipway.builder.context;

import io.slipway.runtime.layer.Tree;
import io.slipway.runtime.linux.LinuxException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A file tree that steps read: a build context without the files its ignore rules leave out, or the
 * tree of a stage. It is only read. {@link SourceMatches} finds in it what a COPY names, {@link
 * SourceWalk} goes through a directory of it; both show what is visible and nothing else, so who
 * reads through them need not know the rules. Safe for many threads.
 */
public final class SourceTree {
  private final Path root;
  private final String ref;
  private final boolean context;
  private final PathPatterns hidden;

  private SourceTree(Path root, String ref, boolean context, PathPatterns hidden) {
    this.root = Objects.requireNonNull(root, "root");
    this.ref = Objects.requireNonNull(ref, "ref");
    this.context = context;
    this.hidden = hidden;
  }

  /**
   * Everything in a directory, owners as they are: a stage's tree, mounted.
   *
   * @param ref what the tree is called in messages, in the place of BuildKit's reference
   */
  public static SourceTree ofStage(Path root, String ref) {
    return new SourceTree(root, ref, false, PathPatterns.NONE);
  }

  static SourceTree ofContext(Path root, String ref, PathPatterns hidden) {
    return new SourceTree(root, ref, true, hidden);
  }

  /** Where it is on this machine. Reading below it directly shows ignored files too. */
  public Path root() {
    return root;
  }

  public String ref() {
    return ref;
  }

  /** Whether all files count as root's, whoever owns them on this machine. */
  public boolean ownedByRoot() {
    return context;
  }

  /** The tree for paths that {@link SourceMatches} or {@link SourceWalk} gave; caller closes. */
  public Tree open() throws LinuxException {
    return Tree.open(root);
  }

  PathPatterns hidden() {
    return hidden;
  }
}
