package io.slipway.builder.remote;

import io.slipway.image.model.Digest;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Something that was fetched and is kept.
 *
 * @param name its own among those of its kind
 * @param url where it is from, without a login; empty if that is not known
 * @param content of a file; empty for a repository
 * @param inUse whether it is being read now
 */
public record KeptRemote(
    String name,
    Kind kind,
    String url,
    long bytes,
    Instant created,
    Instant used,
    Optional<Digest> content,
    boolean inUse) {

  /** What it is. */
  public enum Kind {
    FILE,
    REPOSITORY
  }

  public KeptRemote {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(url, "url");
    Objects.requireNonNull(created, "created");
    Objects.requireNonNull(used, "used");
    Objects.requireNonNull(content, "content");
  }

  /** Passwords that somebody put into a URL are shown to nobody. */
  static String withoutLogin(String url) {
    return url.replaceFirst("^([a-z+]+://)[^/@]*@", "$1");
  }
}
