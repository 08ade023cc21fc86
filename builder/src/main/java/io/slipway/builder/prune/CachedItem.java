package io.slipway.builder.prune;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Something the build cache keeps.
 *
 * @param id unique among all items
 * @param parent id of the result it stands on, if that is of the build cache
 * @param description for people: the step, or the id of the cache mount
 * @param lastUsed of it or of anything that stands on it
 * @param uses how often it was of use; 0 if that is not known
 * @param inUse a running build or a container needs it
 * @param shared an image stands on it, so it stays and takes no room of its own
 */
public record CachedItem(
    String id,
    Type type,
    Optional<String> parent,
    String description,
    long bytes,
    Instant created,
    Instant lastUsed,
    int uses,
    boolean inUse,
    boolean shared) {

  /** Kinds of items, by docker's names. */
  public enum Type {
    STEP("regular"),
    CACHE_MOUNT("exec.cachemount"),
    DOWNLOAD("source.http"),
    GIT("source.git.checkout"),
    CONTEXT("source.local"),
    /** Docker has no such thing. */
    FAILED_STEP("failed-step");

    private final String word;

    Type(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  public CachedItem {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(parent, "parent");
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(created, "created");
    Objects.requireNonNull(lastUsed, "lastUsed");
  }
}
