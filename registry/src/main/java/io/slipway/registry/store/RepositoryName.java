package io.slipway.registry.store;

import java.util.Objects;
import java.util.Optional;

/**
 * The name of a repository: path components of lower case letters and digits, joined inside by
 * {@code .}, {@code _}, {@code __} or dashes (distribution-spec "Pulling manifests").
 */
public record RepositoryName(String value) implements Comparable<RepositoryName> {
  /**
   * Clients refuse references whose host and name together exceed 255 characters, so a longer name
   * could be pushed by nobody.
   */
  public static final int MAX_LENGTH = 240;

  public RepositoryName {
    Objects.requireNonNull(value, "value");
    if (!isValid(value)) {
      throw RegistryFault.of(ErrorCode.NAME_INVALID, "invalid repository name", shorten(value));
    }
  }

  public static Optional<RepositoryName> tryParse(String value) {
    return isValid(value) ? Optional.of(new RepositoryName(value)) : Optional.empty();
  }

  @Override
  public int compareTo(RepositoryName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }

  private static boolean isValid(String value) {
    if (value.isEmpty() || value.length() > MAX_LENGTH) {
      return false;
    }
    int at = 0;
    while (true) {
      int end = component(value, at);
      if (end < 0) {
        return false;
      }
      if (end == value.length()) {
        return true;
      }
      at = end + 1;
    }
  }

  /** The end of the component that starts at {@code from}: a slash or the end; -1 if malformed. */
  private static int component(String value, int from) {
    int at = alphanumerics(value, from);
    if (at == from) {
      return -1;
    }
    while (at < value.length() && value.charAt(at) != '/') {
      int afterSeparator = separator(value, at);
      int next = afterSeparator < 0 ? -1 : alphanumerics(value, afterSeparator);
      if (next <= afterSeparator) {
        return -1;
      }
      at = next;
    }
    return at;
  }

  private static int alphanumerics(String value, int from) {
    int at = from;
    while (at < value.length() && isAlphanumeric(value.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }

  /** The index after the separator at {@code from}, or -1 if there is none. */
  private static int separator(String value, int from) {
    char c = value.charAt(from);
    if (c == '.') {
      return from + 1;
    }
    if (c == '_') {
      boolean twice = from + 1 < value.length() && value.charAt(from + 1) == '_';
      return twice ? from + 2 : from + 1;
    }
    int at = from;
    while (at < value.length() && value.charAt(at) == '-') {
      at++;
    }
    return at == from ? -1 : at;
  }

  private static String shorten(String value) {
    return value.length() <= MAX_LENGTH ? value : value.substring(0, MAX_LENGTH) + "...";
  }
}
