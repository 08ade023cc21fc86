package io.slipway.builder.cache;

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

  /** The last result made in a slot, to compare a miss with. */
  Optional<CacheRecord> lastIn(String slot);
}
