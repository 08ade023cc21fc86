package io.slipway.registry.store;

import io.slipway.image.error.SlipwayException;
import io.slipway.registry.config.SettingsReader;
import java.util.Objects;

/**
 * What a namespace may hold: the repository of that name and all below it.
 *
 * @param namespace one or more components of names; {@code *}: the first component of each name
 * @param bytes of the contents of its repositories; what two of them hold counts twice
 */
public record Quota(String namespace, long bytes, long tags, long repositories) {
  public Quota {
    Objects.requireNonNull(namespace, "namespace");
    if (!namespace.equals("*") && RepositoryName.tryParse(namespace).isEmpty()) {
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

  /** The namespace that {@code repository} lies in; empty text when this quota is for others. */
  public String namespaceOf(RepositoryName repository) {
    String name = repository.value();
    if (namespace.equals("*")) {
      int slash = name.indexOf('/');
      return slash < 0 ? name : name.substring(0, slash);
    }
    return name.equals(namespace) || name.startsWith(namespace + "/") ? namespace : "";
  }

  /**
   * Refuses a change that made something grow beyond this quota.
   *
   * @throws RegistryFault DENIED
   */
  public void require(String name, Usage before, Usage after) {
    require(name, "bytes", before.bytes(), after.bytes(), bytes);
    require(name, "tags", before.tags(), after.tags(), tags);
    require(name, "repositories", before.repositories(), after.repositories(), repositories);
  }

  private static void require(String name, String what, long before, long after, long limit) {
    if (after > limit && after > before) {
      throw RegistryFault.of(
          ErrorCode.DENIED,
          "the quota of namespace %s is %d %s, of which %d are used"
              .formatted(name, limit, what, before),
          name);
    }
  }

  /** What a namespace holds. */
  public record Usage(long bytes, long tags, long repositories) {}
}
