package io.slipway.runtime.layer;

import io.slipway.image.error.SlipwayException;
import java.util.ArrayDeque;
import java.util.Deque;

/** Names of archive entries, made into relative paths that cannot leave the root. */
final class EntryPath {
  private static final int PATH_MAX = 4095;

  private EntryPath() {}

  /**
   * The path below the root, without leading or doubled slashes, dots or {@code ..}; empty for the
   * root itself. As Docker does, {@code ..} takes back the name before it by its letters.
   *
   * @throws SlipwayException {@code INVALID} if it leads above the root or cannot be a path
   */
  static String clean(String name) {
    if (name.length() > PATH_MAX || name.indexOf('\0') >= 0) {
      throw SlipwayException.invalid(
          "layer holds a name that cannot be a path: " + shortened(name));
    }
    if (isClean(name)) {
      return name;
    }
    Deque<String> parts = new ArrayDeque<>();
    for (String part : Tree.names(name)) {
      if (!part.equals("..")) {
        parts.addLast(part);
      } else if (parts.pollLast() == null) {
        throw SlipwayException.invalid("layer holds a name outside its root: " + name);
      }
    }
    return String.join("/", parts);
  }

  /** The path of the directory that holds it; empty for the root. */
  static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "" : path.substring(0, slash);
  }

  /** The last name of the path. */
  static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static boolean isClean(String name) {
    int start = 0;
    while (start <= name.length()) {
      int slash = name.indexOf('/', start);
      int end = slash < 0 ? name.length() : slash;
      int length = end - start;
      if (length == 0
          || name.charAt(start) == '.'
              && (length == 1 || length == 2 && name.charAt(start + 1) == '.')) {
        return false;
      }
      start = end + 1;
    }
    return true;
  }

  private static String shortened(String name) {
    String visible = name.replace('\0', '?');
    return visible.length() <= 100 ? visible : visible.substring(0, 100) + "...";
  }
}
