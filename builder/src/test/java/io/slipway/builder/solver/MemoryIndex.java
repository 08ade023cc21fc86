package io.slipway.builder.solver;

import io.slipway.builder.cache.CacheIndex;
import io.slipway.builder.cache.CacheKey;
import io.slipway.builder.cache.CacheRecord;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The index without a file. */
public final class MemoryIndex implements CacheIndex {
  private final Map<CacheKey, CacheKey> aliases = new ConcurrentHashMap<>();
  final Map<String, CacheRecord> slots = new ConcurrentHashMap<>();

  @Override
  public Optional<CacheKey> canonical(CacheKey key) {
    CacheKey last = aliases.get(key);
    for (CacheKey next = last; next != null; next = aliases.get(next)) {
      last = next;
    }
    return Optional.ofNullable(last);
  }

  @Override
  public void alias(CacheKey key, CacheKey canonical) {
    if (!key.equals(canonical)) {
      aliases.put(key, canonical);
    }
  }

  @Override
  public void record(CacheRecord made) {
    slots.put(made.slot(), made);
  }

  @Override
  public void touch(CacheKey key, Instant when) {}

  @Override
  public Optional<CacheRecord> lastIn(String slot) {
    return Optional.ofNullable(slots.get(slot));
  }
}
