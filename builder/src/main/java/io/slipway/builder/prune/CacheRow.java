package io.slipway.builder.prune;

import io.slipway.builder.cache.CacheKey;
import io.slipway.builder.context.KeptContext;
import io.slipway.builder.op.FailedStep;
import io.slipway.builder.remote.KeptRemote;
import io.slipway.runtime.snapshot.Snapshot;
import java.util.Comparator;
import java.util.List;

/**
 * An item and where it is.
 *
 * @param depth how many results it stands on
 */
record CacheRow(CachedItem item, Place place, int depth) {

  sealed interface Place {}

  record Step(CacheKey key, Snapshot.Committed snapshot) implements Place {}

  record Mount(String name) implements Place {}

  record Remote(KeptRemote kept) implements Place {}

  record Failure(FailedStep step) implements Place {}

  record Context(KeptContext kept) implements Place {}

  /** What was not of use for longest first; nothing before what stands on it. */
  static List<CacheRow> oldestFirst(List<CacheRow> rows) {
    return rows.stream()
        .sorted(
            Comparator.comparing((CacheRow row) -> row.item.lastUsed())
                .thenComparing(row -> -row.depth))
        .toList();
  }
}
