package io.slipway.registry.store;

import io.slipway.image.model.Digest;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Notes when content was last asked for, which collection and retention go by. Notes are gathered
 * in memory and written by {@link #flush}; a killed process loses those since the last one, so a
 * collector must spare everything for its grace period after a start that follows a kill.
 */
public final class LastUse {
  private static final int MAX_PENDING = 200_000;

  private final BlobIndex blobs;
  private final ManifestIndex manifests;
  private final Clock clock;
  private final Map<Digest, Instant> contents = new ConcurrentHashMap<>();
  private final Map<ManifestName, Instant> pulls = new ConcurrentHashMap<>();
  private volatile Instant overflowed = Instant.MIN;

  LastUse(BlobIndex blobs, ManifestIndex manifests, Clock clock) {
    this.blobs = blobs;
    this.manifests = manifests;
    this.clock = clock;
  }

  /** Never blocks. */
  void note(Digest digest) {
    note(contents, digest, clock.instant());
  }

  /** Notes the pull of a manifest. Never blocks. */
  void notePull(RepositoryName repository, Digest manifest) {
    Instant now = clock.instant();
    note(contents, manifest, now);
    note(pulls, new ManifestName(repository, manifest), now);
  }

  private <K> void note(Map<K, Instant> notes, K key, Instant when) {
    if (notes.size() < MAX_PENDING || notes.containsKey(key)) {
      notes.put(key, when);
    } else {
      overflowed = when;
    }
  }

  /**
   * Whether there is a note, not yet written, of a use at or after {@code since}. Notes that found
   * no room count as notes about everything.
   */
  boolean isNoted(Digest digest, Instant since) {
    Instant use = contents.getOrDefault(digest, Instant.MIN);
    return !use.isBefore(since) || !overflowed.isBefore(since);
  }

  /** Writes what was noted since the last call. A note is kept until it is written. */
  public void flush() {
    Map<Digest, Instant> uses = Map.copyOf(contents);
    if (!uses.isEmpty()) {
      blobs.touch(uses);
      uses.forEach(contents::remove);
    }
    Map<ManifestName, Instant> pulled = Map.copyOf(pulls);
    if (!pulled.isEmpty()) {
      manifests.pulled(pulled);
      pulled.forEach(pulls::remove);
    }
  }
}
