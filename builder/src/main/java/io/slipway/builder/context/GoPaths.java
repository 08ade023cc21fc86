package io.slipway.builder.context;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** Paths as text, the way Go's {@code path/filepath} and {@code strings} treat them. */
final class GoPaths {
  private GoPaths() {}

  /**
   * {@code filepath.Clean}: no doubled or trailing slashes, no dots, and {@code ..} taken back as
   * far as there are names; what is left of it stays in front of a relative path.
   */
  static String clean(String path) {
    boolean absolute = path.startsWith("/");
    Deque<String> parts = new ArrayDeque<>();
    for (String part : path.split("/")) {
      if (part.equals("..") && !parts.isEmpty() && !parts.peekLast().equals("..")) {
        parts.removeLast();
      } else if (!part.isEmpty() && !part.equals(".") && !(part.equals("..") && absolute)) {
        parts.addLast(part);
      }
    }
    String joined = String.join("/", parts);
    if (absolute) {
      return "/" + joined;
    }
    return joined.isEmpty() ? "." : joined;
  }

  /** The names of a path inside a root that nothing leads out of. */
  static List<String> namesInRoot(String path) {
    String clean = clean("/" + path);
    return clean.equals("/") ? List.of() : Arrays.asList(clean.substring(1).split("/"));
  }

  /** {@code strings.TrimSpace}. */
  static String trim(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isSpace(text.charAt(from))) {
      from++;
    }
    while (to > from && isSpace(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  /** {@code unicode.IsSpace}. */
  private static boolean isSpace(char c) {
    return c >= '\t' && c <= '\r' || c == 0x85 || Character.isSpaceChar(c);
  }
}
