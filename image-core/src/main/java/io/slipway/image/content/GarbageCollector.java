package io.slipway.image.content;

import io.slipway.image.model.Digest;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Removes the blobs that no root reaches, no lease pins and that are not fresh. */
public final class GarbageCollector {
  private final BlobStore store;
  private final Leases leases;

  /** What a sweep removed. */
  public record Swept(long blobs, long bytes) {}

  public GarbageCollector(BlobStore store, Leases leases) {
    this.store = Objects.requireNonNull(store, "store");
    this.leases = Objects.requireNonNull(leases, "leases");
  }

  /**
   * Everything reachable from {@code roots} by {@code references}, roots included. Pure: asks
   * {@code references} once per element, in no promised order; cycles are fine.
   */
  public static <T> Set<T> mark(
      Collection<T> roots, Function<? super T, ? extends Collection<T>> references) {
    Set<T> reached = new HashSet<>(roots);
    Deque<T> open = new ArrayDeque<>(reached);
    while (!open.isEmpty()) {
      for (T next : references.apply(open.pop())) {
        if (reached.add(next)) {
          open.push(next);
        }
      }
    }
    return reached;
  }

  /**
   * Removes every blob that is not in {@code live}, was committed before {@code olderThan} and is
   * not pinned. A blob whose removal fails is kept for the next sweep and ends this one.
   */
  public Swept sweep(Set<Digest> live, Instant olderThan) throws IOException {
    List<BlobInfo> dead = new ArrayList<>();
    try (Stream<BlobInfo> all = store.list()) {
      all.filter(blob -> !live.contains(blob.digest()))
          .filter(blob -> blob.committed().isBefore(olderThan))
          .forEach(dead::add);
    }
    long count = 0;
    long bytes = 0;
    for (BlobInfo blob : dead) {
      if (leases.removeUnlessPinned(blob.digest(), () -> removeIfStillOld(blob, olderThan))) {
        count++;
        bytes += blob.size();
      }
    }
    return new Swept(count, bytes);
  }

  /** A push may have published the blob again between listing and now. */
  private void removeIfStillOld(BlobInfo blob, Instant olderThan) throws IOException {
    if (store.stat(blob.digest()).filter(b -> b.committed().isBefore(olderThan)).isPresent()) {
      store.delete(blob.digest());
    }
  }
}
