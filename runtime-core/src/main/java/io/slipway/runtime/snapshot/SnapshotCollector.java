package io.slipway.runtime.snapshot;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.ChainId;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Removes the committed snapshots that nothing needs any more. */
public final class SnapshotCollector {
  private final OverlaySnapshotter snapshots;

  public SnapshotCollector(OverlaySnapshotter snapshots) {
    this.snapshots = snapshots;
  }

  /**
   * What keeps snapshots, apart from the snapshots that stand on them.
   *
   * @param chains of images
   * @param keys of build cache records
   */
  public record Roots(Set<ChainId> chains, Set<SnapshotKey> keys) {
    public Roots {
      chains = Set.copyOf(chains);
      keys = Set.copyOf(keys);
    }

    boolean keep(Snapshot.Committed snapshot) {
      return keys.contains(snapshot.key())
          || snapshot.identity().filter(i -> chains.contains(i.chainId())).isPresent();
    }
  }

  /** What a collection removed. */
  public record Collected(int snapshots, long bytes) {}

  /**
   * Removes what is not a root, not below a root or an active snapshot, not pinned, and was
   * committed before {@code olderThan} (younger ones may not be recorded yet by their makers).
   */
  public Collected collect(Roots roots, Instant olderThan) throws IOException {
    int count = 0;
    long bytes = 0;
    for (Snapshot.Committed dead : dead(snapshots.list(), roots, olderThan)) {
      if (removed(dead)) {
        count++;
        bytes += dead.usage().bytes();
      }
    }
    return new Collected(count, bytes);
  }

  /** The snapshots to be removed, each before the one it stands on. */
  static List<Snapshot.Committed> dead(Collection<Snapshot> all, Roots roots, Instant olderThan) {
    Map<SnapshotKey, Snapshot> byKey = new HashMap<>();
    all.forEach(snapshot -> byKey.put(snapshot.key(), snapshot));
    Set<SnapshotKey> live = new HashSet<>();
    for (Snapshot snapshot : all) {
      if (!(snapshot instanceof Snapshot.Committed committed)
          || roots.keep(committed)
          || !committed.created().isBefore(olderThan)) {
        markWithParents(snapshot, byKey, live);
      }
    }
    List<Snapshot.Committed> dead = new ArrayList<>();
    Set<SnapshotKey> listed = new HashSet<>(live);
    for (Snapshot snapshot : all) {
      listParentsFirst(snapshot, byKey, listed, dead);
    }
    return dead.reversed();
  }

  private static void markWithParents(
      Snapshot snapshot, Map<SnapshotKey, Snapshot> byKey, Set<SnapshotKey> live) {
    Optional<Snapshot> at = Optional.of(snapshot);
    while (at.isPresent() && live.add(at.get().key())) {
      at = at.get().parent().map(byKey::get);
    }
  }

  private static void listParentsFirst(
      Snapshot snapshot,
      Map<SnapshotKey, Snapshot> byKey,
      Set<SnapshotKey> listed,
      List<Snapshot.Committed> dead) {
    List<Snapshot.Committed> way = new ArrayList<>();
    Optional<Snapshot> at = Optional.of(snapshot);
    while (at.isPresent() && listed.add(at.get().key())) {
      way.add((Snapshot.Committed) at.get());
      at = at.get().parent().map(byKey::get);
    }
    dead.addAll(way.reversed());
  }

  /** False if somebody began to use it meanwhile: the next collection sees to it. */
  private boolean removed(Snapshot.Committed dead) throws IOException {
    try {
      return snapshots.remove(dead.key());
    } catch (SlipwayException e) {
      if (e.kind() == ErrorKind.CONFLICT) {
        return false;
      }
      throw e;
    }
  }
}
