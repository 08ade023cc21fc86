package io.slipway.builder.op;

import io.slipway.builder.cache.CacheKey;
import io.slipway.image.model.Digest;
import io.slipway.runtime.snapshot.SnapshotKey;
import java.util.List;
import java.util.Optional;

/** What the snapshots of results are called. */
public final class ResultNames {
  private static final String PREFIX = "step/";
  private static final String LIMITED = ".t";

  private ResultNames() {}

  static SnapshotKey of(CacheKey key, boolean limited) {
    return new SnapshotKey(PREFIX + key + (limited ? LIMITED : ""));
  }

  /** The names that a key's result may have, the better one first. */
  public static List<SnapshotKey> of(CacheKey key) {
    return List.of(of(key, true), of(key, false));
  }

  /** Whether a result was made under a {@link TimeLimit}. */
  public static boolean isLimited(SnapshotKey name) {
    return name.value().endsWith(LIMITED);
  }

  /** The key of a result's snapshot; empty for what is no step's result. */
  public static Optional<CacheKey> key(SnapshotKey name) {
    if (!name.value().startsWith(PREFIX)) {
      return Optional.empty();
    }
    int end = name.value().length() - (isLimited(name) ? LIMITED.length() : 0);
    String digest = name.value().substring(PREFIX.length(), end);
    return Optional.of(new CacheKey(Digest.parse(digest)));
  }
}
