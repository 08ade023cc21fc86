package io.slipway.registry.store;

import io.slipway.image.model.Digest;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The bytes of manifests and small blobs that were asked for lately, at most {@code capacity} bytes
 * in all. Content never changes under its digest, so an entry is never stale; whether a repository
 * may serve it is asked elsewhere, every time. Safe for threads.
 */
final class HotBytes {
  /** What an entry costs beside its bytes, roughly. */
  private static final int OVERHEAD = 200;

  private static final int MAX_SHARE = 8;

  private final long capacity;
  private final Map<Digest, byte[]> entries = new LinkedHashMap<>(64, 0.75f, true);
  private long used;

  HotBytes(long capacity) {
    this.capacity = capacity;
  }

  synchronized Optional<byte[]> get(Digest digest) {
    return Optional.ofNullable(entries.get(digest));
  }

  /** Keeps the array, which nobody may change from now on; content too large to keep is ignored. */
  synchronized void put(Digest digest, byte[] content) {
    if (weight(content) > capacity / MAX_SHARE || entries.putIfAbsent(digest, content) != null) {
      return;
    }
    used += weight(content);
    Iterator<byte[]> oldest = entries.values().iterator();
    while (used > capacity) {
      used -= weight(oldest.next());
      oldest.remove();
    }
  }

  private static long weight(byte[] content) {
    return content.length + (long) OVERHEAD;
  }
}
