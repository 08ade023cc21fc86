package io.slipway.image.name;

import java.util.Objects;

/**
 * A place for images: a registry host with an optional port, and a path within it. Always
 * normalised and valid: obtained from {@link Reference#parse}.
 */
public record Repository(String domain, String path) implements Comparable<Repository> {
  /** The registry meant when a name has no host. */
  public static final String DEFAULT_DOMAIN = "docker.io";

  static final String OFFICIAL_PREFIX = "library/";

  public Repository {
    Objects.requireNonNull(domain, "domain");
    Objects.requireNonNull(path, "path");
    ReferenceGrammar.checkRepository(domain, path);
  }

  /** The name as people type it: without {@code docker.io/} and {@code library/}. */
  public String familiar() {
    if (!domain.equals(DEFAULT_DOMAIN)) {
      return toString();
    }
    String rest =
        path.startsWith(OFFICIAL_PREFIX) ? path.substring(OFFICIAL_PREFIX.length()) : path;
    // library/a/b must keep its prefix, or it would be read back as another repository
    return path.startsWith(OFFICIAL_PREFIX) && rest.indexOf('/') >= 0 ? path : rest;
  }

  @Override
  public int compareTo(Repository other) {
    return toString().compareTo(other.toString());
  }

  /** {@code domain/path}. */
  @Override
  public String toString() {
    return domain + "/" + path;
  }
}
