package io.slipway.registry.upkeep;

import io.slipway.image.content.BlobInfo;
import io.slipway.image.content.BlobStore;
import io.slipway.image.model.Digest;
import io.slipway.registry.store.RegistryStore;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * Blobs that a process published and was killed before it noted them. Nobody was told that they are
 * there, and no collection would find them. Blobs from before that process are left alone: they may
 * be all that is left of what lost metadata knew.
 */
public final class Leftovers {
  private final RegistryStore store;
  private final BlobStore blobs;

  public Leftovers(RegistryStore store, BlobStore blobs) {
    this.store = store;
    this.blobs = blobs;
  }

  /**
   * Discards those of a process that was there between two times; returns how many.
   *
   * @param until when its successor had the data root to itself
   */
  public long discard(Instant from, Instant until) throws IOException, InterruptedException {
    List<Digest> unknown;
    try (Stream<BlobInfo> all = blobs.list()) {
      unknown =
          all.filter(blob -> !blob.committed().isBefore(from) && blob.committed().isBefore(until))
              .map(BlobInfo::digest)
              .filter(digest -> store.metadata().upkeep().contents().find(digest).isEmpty())
              .toList();
    }
    long discarded = 0;
    for (Digest digest : unknown) {
      discarded += store.guard().discard(List.of(digest)).size();
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
    return discarded;
  }
}
