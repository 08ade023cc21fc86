package io.slipway.engine.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The path of a route: literal segments, {@code {name}} for exactly one segment, and at most one
 * {@code {name*}} for one or more.
 */
public record PathPattern(String text) {
  public PathPattern {
    if (!text.startsWith("/") || text.length() > 1 && text.endsWith("/")) {
      throw new IllegalArgumentException("path pattern must start, and not end, with /: " + text);
    }
    if (text.split("\\*}", -1).length > 2) {
      throw new IllegalArgumentException("path pattern with two {name*}: " + text);
    }
  }

  /** The decoded parameters when {@code path} (still percent-encoded) fits. */
  Optional<Map<String, String>> match(String path) {
    List<String> wanted = segments(text);
    List<String> given = segments(path);
    int spare = given.size() - wanted.size();
    boolean greedy = text.contains("*}");
    if (spare < 0 || spare > 0 && !greedy) {
      return Optional.empty();
    }
    Map<String, String> parameters = new HashMap<>();
    int at = 0;
    for (String segment : wanted) {
      int end = segment.endsWith("*}") ? at + spare + 1 : at + 1;
      String value = decode(String.join("/", given.subList(at, end)));
      if (!segment.startsWith("{")) {
        if (!segment.equals(value)) {
          return Optional.empty();
        }
      } else if (value.isEmpty()) {
        return Optional.empty();
      } else {
        parameters.put(name(segment), value);
      }
      at = end;
    }
    return Optional.of(parameters);
  }

  private static String name(String segment) {
    return segment.substring(1, segment.length() - (segment.endsWith("*}") ? 2 : 1));
  }

  private static List<String> segments(String path) {
    return List.of(path.substring(1).split("/", -1));
  }

  /** Percent-decoding only: a plus sign in a path is a plus sign. */
  private static String decode(String value) {
    if (value.indexOf('%') < 0) {
      return value;
    }
    try {
      return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return value;
    }
  }
}
