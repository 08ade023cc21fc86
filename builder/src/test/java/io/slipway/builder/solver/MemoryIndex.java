package io.slipway.builder.solver;

import io.slipway.builder.cache.CacheIndex;
import io.slipway.builder.cache.CacheKey;
import io.slipway.builder.cache.CacheRecord;
import io.slipway.builder.context.ContentListing;
import io.slipway.image.model.Digest;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The index without a file. */
public final class MemoryIndex implements CacheIndex {
  private final Map<CacheKey, CacheKey> aliases = new ConcurrentHashMap<>();
  final Map<String, CacheRecord> slots = new ConcurrentHashMap<>();
  private final Map<CacheKey, CacheRecord> records = new ConcurrentHashMap<>();
  private final Map<Digest, ContentListing> listings = new ConcurrentHashMap<>();

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
    records.put(made.key(), made);
  }

  @Override
  public void touch(CacheKey key, Instant when) {
    CacheRecord made = records.get(key);
    if (made != null) {
      slots.put(made.slot(), made);
    }
  }

  @Override
  public void keepListing(Digest content, ContentListing listing) {
    listings.put(content, listing);
  }

  @Override
  public Optional<ContentListing> listing(Digest content) {
    return Optional.ofNullable(listings.get(content));
  }

  @Override
  public Optional<CacheRecord> lastIn(String slot) {
    return Optional.ofNullable(slots.get(slot));
  }
}
