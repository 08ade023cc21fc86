package io.slipway.builder.context;

import java.util.List;

/**
 * Tells path by path what is visible, for a walk that is driven by somebody else; {@link
 * SourceWalk} does the same in one go. Quick when it is asked about the entries of a directory one
 * after the other. Not for several threads.
 */
public final class SourceSight {
  /** What there is to be seen of a path. */
  public enum Sight {
    SHOWN,
    HIDDEN,
    /** A directory that is left out, which is shown if something below it is. */
    PERHAPS_BELOW
  }

  private final PathPatterns hidden;
  private final PathPatterns excludes;
  private final String base;
  private String directory = "";
  private int directoryHidden;
  private int directoryExcluded;

  /**
   * @param base the directory that is copied, as {@link SourceMatch#path} has it
   * @param excludes patterns of what else is left out, from that directory on
   */
  public SourceSight(SourceTree tree, String base, List<String> excludes) {
    this.hidden = tree.hidden();
    this.excludes = PathPatterns.of(excludes);
    this.base = base;
    lookInto(base);
  }

  /** What is to be seen of a path below the base; from the tree's root, no leading slash. */
  public Sight of(String path, boolean isDirectory) {
    int slash = path.lastIndexOf('/');
    String parent = slash < 0 ? "" : path.substring(0, slash);
    if (!parent.equals(directory)) {
      lookInto(parent);
    }
    int rule = hidden.decide(directoryHidden, path);
    int exclude = excludes.decide(directoryExcluded, relative(path));
    boolean isHidden = hidden.excludes(rule);
    boolean isExcluded = excludes.excludes(exclude);
    if (!isHidden && !isExcluded) {
      return Sight.SHOWN;
    }
    boolean perhaps =
        isDirectory
            && (!isHidden || hidden.mayReinclude(rule, path))
            && (!isExcluded || excludes.mayReinclude(exclude, relative(path)));
    return perhaps ? Sight.PERHAPS_BELOW : Sight.HIDDEN;
  }

  private void lookInto(String path) {
    directory = path;
    directoryHidden = hidden.decide(path);
    directoryExcluded = excludes.decide(relative(path));
  }

  private String relative(String path) {
    if (base.isEmpty()) {
      return path;
    }
    return path.length() <= base.length() ? "" : path.substring(base.length() + 1);
  }
}
