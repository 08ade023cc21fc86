package io.slipway.builder.prune;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * What to remove from the build cache.
 *
 * @param wanted items that may go, besides that nothing may stand on them
 * @param usedBefore only what was not of use since then; empty for any age
 * @param reservedBytes so much stays, what was used last first; 0 to keep nothing
 * @param maxBytes removal ends when the cache takes no more than this
 * @param minFreeBytes removal ends when so much of the disk is free
 */
public record PruneRequest(
    Predicate<CachedItem> wanted,
    Optional<Instant> usedBefore,
    long reservedBytes,
    OptionalLong maxBytes,
    OptionalLong minFreeBytes) {

  public PruneRequest {
    Objects.requireNonNull(wanted, "wanted");
    Objects.requireNonNull(usedBefore, "usedBefore");
    Objects.requireNonNull(maxBytes, "maxBytes");
    Objects.requireNonNull(minFreeBytes, "minFreeBytes");
  }

  /** Everything that nothing stands on, until the cache takes no more than this. */
  public static PruneRequest downTo(long bytes) {
    return new PruneRequest(
        item -> true, Optional.empty(), bytes, OptionalLong.empty(), OptionalLong.empty());
  }

  boolean accepts(CachedItem item) {
    boolean oldEnough = usedBefore.isEmpty() || item.lastUsed().isBefore(usedBefore.get());
    return oldEnough && wanted.test(item);
  }

  /** How much may be left of {@code total} bytes with so much free on the disk. */
  long target(long total, long freeBytes) {
    long target = reservedBytes;
    if (maxBytes.isPresent()) {
      target = Math.max(reservedBytes, maxBytes.getAsLong());
    }
    if (minFreeBytes.isPresent()) {
      long missing = Math.max(0, minFreeBytes.getAsLong() - freeBytes);
      long left = Math.max(reservedBytes, total - missing);
      target = maxBytes.isPresent() ? Math.min(target, left) : left;
    }
    return target;
  }
}
