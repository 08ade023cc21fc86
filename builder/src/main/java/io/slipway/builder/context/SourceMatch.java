package io.slipway.builder.context;

import io.slipway.runtime.linux.FileStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * One thing that a source of COPY, ADD or a bind mount names.
 *
 * @param matched its path as the source spells it, from the tree's root without a leading slash;
 *     empty for the root
 * @param path where it really is, links followed: every name but the last is a directory, and the
 *     last is no link; empty for the root
 * @param status what is at {@code path}, owner as on disk
 */
public record SourceMatch(String matched, String path, FileStatus status) {
  public SourceMatch {
    Objects.requireNonNull(matched, "matched");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(status, "status");
  }

  /** What it is called at the destination; empty for the root. */
  public String baseName() {
    return matched.substring(matched.lastIndexOf('/') + 1);
  }

  /**
   * The directories above it as the source spells them, outermost first, each from the root.
   *
   * @param without so many at the beginning are left out
   */
  public List<String> parents(int without) {
    List<String> parents = new ArrayList<>();
    int depth = 0;
    for (int slash = matched.indexOf('/'); slash >= 0; slash = matched.indexOf('/', slash + 1)) {
      if (++depth > without) {
        parents.add(matched.substring(0, slash));
      }
    }
    return parents;
  }

  /** Its path as the source spells it without so many names at the beginning. */
  public String below(int names) {
    return below(matched, names);
  }

  /** A path without so many names at the beginning. */
  public static String below(String path, int names) {
    String rest = path;
    for (int i = 0; i < names; i++) {
      rest = rest.substring(rest.indexOf('/') + 1);
    }
    return rest;
  }

  /** The directory that holds it, from the tree's root; not for the root itself. */
  public String parent() {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "" : path.substring(0, slash);
  }

  /** Its name in {@link #parent}; empty for the root. */
  public String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
