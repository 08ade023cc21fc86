package io.slipway.builder.frontend;

import java.util.ArrayDeque;
import java.util.Deque;

/** Paths inside an image: always with slashes, worked out as text only. */
final class ContainerPaths {
  private ContainerPaths() {}

  /** Absolute, without {@code .}, {@code ..}, double or trailing slashes; {@code ..} stops at /. */
  static String clean(String path) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : path.split("/+")) {
      if (part.equals("..")) {
        parts.pollLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return "/" + String.join("/", parts);
  }

  /** {@code path} as seen from {@code directory}. */
  static String resolve(String directory, String path) {
    return clean(path.startsWith("/") ? path : directory + "/" + path);
  }

  /**
   * As {@link #resolve}, but a slash (or what stands for one: nothing, {@code .} or {@code /.}) at
   * the end stays, because it says that the destination is a directory.
   */
  static String resolveDestination(String directory, String path) {
    boolean slash = path.isEmpty() || path.equals(".") || path.endsWith("/") || path.endsWith("/.");
    String resolved = resolve(directory, path);
    return slash && !resolved.equals("/") ? resolved + "/" : resolved;
  }

  /** The last component; nothing for the root. */
  static String baseName(String path) {
    String clean = clean(path);
    return clean.substring(clean.lastIndexOf('/') + 1);
  }
}
