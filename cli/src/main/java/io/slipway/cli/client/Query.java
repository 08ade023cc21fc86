package io.slipway.cli.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** A request path with its query, encoded as it is built. Immutable. */
public record Query(String target) {
  /** A path whose parts are given already encoded. */
  public static Query of(String path) {
    return new Query(path);
  }

  /** Encodes a name that becomes one path segment; slashes of image names stay. */
  public static String segment(String name) {
    return encode(name).replace("%2F", "/").replace("%3A", ":").replace("%40", "@");
  }

  /** The same with one more parameter. */
  public Query with(String name, String value) {
    char joint = target.indexOf('?') < 0 ? '?' : '&';
    return new Query(target + joint + encode(name) + "=" + encode(value));
  }

  /** The same with {@code name=1} when the condition holds. */
  public Query flag(String name, boolean condition) {
    return condition ? with(name, "1") : this;
  }

  /** The same with the parameter when it has a value. */
  public Query ifPresent(String name, String value) {
    return value == null || value.isEmpty() ? this : with(name, value);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
