package io.slipway.builder.cache;

import io.slipway.builder.context.ContentListing;
import io.slipway.image.model.Digest;
import java.time.Instant;
import java.util.Optional;

/** Knows which keys mean the same and how results were made. Safe for threads. */
public interface CacheIndex {

  /** The key that results are kept under when {@code key} is only another name for it. */
  Optional<CacheKey> canonical(CacheKey key);

  /**
   * From now on {@code key} means what {@code canonical} means. Aliases form no circle: {@code
   * canonical} is never one that leads to {@code key}.
   */
  void alias(CacheKey key, CacheKey canonical);

  /** Remembers how a result was made. */
  void record(CacheRecord made);

  /** Remembers that a result was of use. */
  void touch(CacheKey key, Instant when);

  /** The result of a slot that was last of use, to compare a miss with. */
  Optional<CacheRecord> lastIn(String slot);

  /** Remembers what is behind a content digest, to tell later which file has changed. */
  void keepListing(Digest content, ContentListing listing);

  /** What is behind a content digest, if it is still known. */
  Optional<ContentListing> listing(Digest content);
}
