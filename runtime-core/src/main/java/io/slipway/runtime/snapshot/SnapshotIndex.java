package io.slipway.runtime.snapshot;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.ChainId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All snapshots in memory: by key, by chain, and how many stand on each. A key is reserved while
 * its snapshot is being made or removed on disk, so the disk work happens outside the lock. Safe
 * for threads.
 */
final class SnapshotIndex {
  /** A snapshot and the number of its directory. */
  record Entry(long number, Snapshot snapshot) {
    SnapshotKey key() {
      return snapshot.key();
    }
  }

  private final Map<SnapshotKey, Entry> byKey = new LinkedHashMap<>();
  private final Map<ChainId, List<SnapshotKey>> byChain = new HashMap<>();
  private final Map<SnapshotKey, Integer> children = new HashMap<>();
  private final Set<SnapshotKey> reserved = new HashSet<>();

  synchronized Optional<Entry> find(SnapshotKey key) {
    return Optional.ofNullable(byKey.get(key));
  }

  synchronized Optional<Snapshot.Committed> find(ChainId chain) {
    return byChain.getOrDefault(chain, List.of()).stream()
        .map(key -> (Snapshot.Committed) byKey.get(key).snapshot())
        .findFirst();
  }

  synchronized List<Snapshot> list() {
    return byKey.values().stream().map(Entry::snapshot).toList();
  }

  /** The committed snapshot of this key, counted as standing below one more. */
  synchronized Entry retainParent(SnapshotKey key) {
    Entry entry = byKey.get(key);
    if (entry == null || reserved.contains(key)) {
      throw SlipwayException.notFound("no snapshot " + key);
    }
    if (!(entry.snapshot() instanceof Snapshot.Committed)) {
      throw new SlipwayException(ErrorKind.CONFLICT, "snapshot " + key + " is not committed");
    }
    children.merge(key, 1, Integer::sum);
    return entry;
  }

  synchronized void releaseParent(SnapshotKey key) {
    children.computeIfPresent(key, (k, count) -> count == 1 ? null : count - 1);
  }

  /** Holds a free key for {@link #publish}; {@code CONFLICT} if it is taken. */
  synchronized void reserveFree(SnapshotKey key) {
    if (byKey.containsKey(key) || !reserved.add(key)) {
      throw new SlipwayException(ErrorKind.CONFLICT, "snapshot " + key + " exists already");
    }
  }

  /**
   * Holds a key for a commit, waiting for another commit of the same name.
   *
   * @return the committed snapshot that has the name already; empty if the name is now held
   */
  synchronized Optional<Snapshot.Committed> reserveName(SnapshotKey name)
      throws InterruptedException {
    while (reserved.contains(name)) {
      wait();
    }
    Entry there = byKey.get(name);
    if (there == null) {
      reserved.add(name);
      return Optional.empty();
    }
    if (there.snapshot() instanceof Snapshot.Committed committed) {
      return Optional.of(committed);
    }
    throw new SlipwayException(ErrorKind.CONFLICT, "snapshot " + name + " is still being written");
  }

  /** Holds an existing key for its removal; empty if there is none. */
  synchronized Optional<Entry> reserveExisting(SnapshotKey key) {
    Entry entry = byKey.get(key);
    if (entry == null) {
      return Optional.empty();
    }
    int standing = children.getOrDefault(key, 0);
    if (standing > 0) {
      throw new SlipwayException(
          ErrorKind.CONFLICT,
          "snapshot " + key + " cannot be removed: " + standing + " others stand on it");
    }
    if (!reserved.add(key)) {
      throw new SlipwayException(ErrorKind.CONFLICT, "snapshot " + key + " is in use");
    }
    return Optional.of(entry);
  }

  synchronized void release(SnapshotKey key) {
    reserved.remove(key);
    notifyAll();
  }

  /** Puts a snapshot in under its key, replacing an older view of the same one. */
  synchronized void publish(Entry entry) {
    drop(entry.key());
    byKey.put(entry.key(), entry);
    if (entry.snapshot() instanceof Snapshot.Committed committed) {
      committed.identity().ifPresent(identity -> addChain(identity.chainId(), entry.key()));
    }
  }

  /** Puts another view of a snapshot in place of {@code old}; false if that is not there now. */
  synchronized boolean replace(Entry old, Entry entry) {
    if (byKey.get(old.key()) != old) {
      return false;
    }
    publish(entry);
    return true;
  }

  /** Takes a snapshot out. */
  synchronized void drop(SnapshotKey key) {
    Entry old = byKey.remove(key);
    if (old != null && old.snapshot() instanceof Snapshot.Committed committed) {
      committed.identity().ifPresent(identity -> removeChain(identity.chainId(), key));
    }
  }

  private void addChain(ChainId chain, SnapshotKey key) {
    byChain.computeIfAbsent(chain, c -> new ArrayList<>()).add(key);
  }

  private void removeChain(ChainId chain, SnapshotKey key) {
    byChain.computeIfPresent(
        chain,
        (c, keys) -> {
          keys.remove(key);
          return keys.isEmpty() ? null : keys;
        });
  }
}
