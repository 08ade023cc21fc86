package io.slipway.registry.config;

import io.slipway.image.error.SlipwayException;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What a namespace may hold: the repository of that name and all below it.
 *
 * @param namespace one or more components of names; {@code *}: the first component of each name
 * @param bytes of the contents of its repositories; what two of them hold counts twice
 */
public record Quota(String namespace, long bytes, long tags, long repositories) {
  private static final Pattern NAMESPACE =
      Pattern.compile("\\*|PART(/PART)*".replace("PART", "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*"));

  public Quota {
    Objects.requireNonNull(namespace, "namespace");
    if (!NAMESPACE.matcher(namespace).matches()) {
      throw SlipwayException.invalid("invalid namespace of a quota: " + namespace);
    }
    if (bytes < 0 || tags < 0 || repositories < 0) {
      throw SlipwayException.invalid("the quota of " + namespace + " must not be negative");
    }
  }

  /** A namespace or {@code *}, then any of {@code bytes=SIZE tags=N repositories=N}. */
  public static Quota parse(String text) {
    String[] words = text.strip().split("\\s+");
    if (words.length < 2) {
      throw invalid(text, "give limits, such as \"team bytes=10g tags=1000\"");
    }
    long bytes = Long.MAX_VALUE;
    long tags = Long.MAX_VALUE;
    long repositories = Long.MAX_VALUE;
    for (int i = 1; i < words.length; i++) {
      String value = words[i].substring(words[i].indexOf('=') + 1);
      switch (words[i].replaceFirst("=.*", "")) {
        case "bytes" -> bytes = SettingsReader.size("quota", value);
        case "tags" -> tags = SettingsReader.size("quota", value);
        case "repositories" -> repositories = SettingsReader.size("quota", value);
        default -> throw invalid(text, "unknown word " + words[i]);
      }
    }
    return new Quota(words[0], bytes, tags, repositories);
  }

  private static SlipwayException invalid(String text, String reason) {
    return SlipwayException.invalid("invalid quota \"%s\": %s".formatted(text, reason));
  }

  /**
   * The namespace that the repository of this name lies in; empty text when this quota is for
   * others.
   */
  public String namespaceOf(String name) {
    if (namespace.equals("*")) {
      int slash = name.indexOf('/');
      return slash < 0 ? name : name.substring(0, slash);
    }
    return name.equals(namespace) || name.startsWith(namespace + "/") ? namespace : "";
  }
}
