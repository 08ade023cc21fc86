package io.slipway.registry.store;

import io.slipway.image.model.Digest;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Notes when content was last asked for, which collection and retention go by. Notes are gathered
 * in memory and written by {@link #flush}; a killed process loses those since the last one, so a
 * collector must spare everything for its grace period after a start.
 */
public final class LastUse {
  private static final int MAX_PENDING = 100_000;

  private final BlobIndex blobs;
  private final Clock clock;
  private final Map<Digest, Instant> pending = new ConcurrentHashMap<>();

  public LastUse(BlobIndex blobs, Clock clock) {
    this.blobs = blobs;
    this.clock = clock;
  }

  /** Never blocks. */
  void note(Digest digest) {
    if (pending.size() < MAX_PENDING || pending.containsKey(digest)) {
      pending.put(digest, clock.instant());
    }
  }

  /** Writes what was noted since the last call. */
  public void flush() {
    Map<Digest, Instant> taken = new HashMap<>();
    pending.forEach((digest, when) -> {
      if (pending.remove(digest, when)) {
        taken.put(digest, when);
      }
    });
    if (!taken.isEmpty()) {
      blobs.touch(taken);
    }
  }
}
