package io.slipway.image.content;

import io.slipway.image.model.ChainId;
import io.slipway.image.model.Digest;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The open leases of one process. Leases die with it: what an interrupted operation left behind is
 * garbage for the next collection.
 */
public final class Leases {
  private final Map<Digest, Integer> blobs = new HashMap<>();
  private final Map<ChainId, Integer> snapshots = new HashMap<>();
  private final Set<Object> beingRemoved = new HashSet<>();

  /** A removal that is only run while its content is not pinned. */
  @FunctionalInterface
  public interface Removal<E extends Exception> {
    void run() throws E;
  }

  /** Opens an empty lease. */
  public Lease open() {
    return new CountedLease();
  }

  /**
   * Runs {@code removal} unless {@code blob} is pinned; pins that come meanwhile wait. False when
   * it was pinned.
   */
  public <E extends Exception> boolean removeUnlessPinned(Digest blob, Removal<E> removal)
      throws E {
    return remove(blob, blobs, removal);
  }

  /** A removal of several blobs, which are not pinned while it runs. */
  @FunctionalInterface
  public interface BatchRemoval<E extends Exception> {
    void run(Set<Digest> unpinned) throws E;
  }

  /**
   * Runs {@code removal} on those of {@code wanted} that are neither pinned nor being removed by
   * another caller; pins of them that come meanwhile wait. Never waits itself.
   */
  public <E extends Exception> void removeUnpinned(
      Collection<Digest> wanted, BatchRemoval<E> removal) throws E {
    Set<Digest> claimed = new HashSet<>();
    synchronized (this) {
      for (Digest blob : wanted) {
        if (!blobs.containsKey(blob) && beingRemoved.add(blob)) {
          claimed.add(blob);
        }
      }
    }
    try {
      removal.run(Set.copyOf(claimed));
    } finally {
      synchronized (this) {
        beingRemoved.removeAll(claimed);
        notifyAll();
      }
    }
  }

  /** As {@link #removeUnlessPinned(Digest, Removal)} for a snapshot. */
  public <E extends Exception> boolean removeUnlessPinned(ChainId snapshot, Removal<E> removal)
      throws E {
    return remove(snapshot, snapshots, removal);
  }

  /** The snapshots pinned now; the caller adds those below them. */
  public Set<ChainId> pinnedSnapshots() {
    synchronized (this) {
      return Set.copyOf(snapshots.keySet());
    }
  }

  /** The blobs pinned now. */
  public Set<Digest> pinnedBlobs() {
    synchronized (this) {
      return Set.copyOf(blobs.keySet());
    }
  }

  private <K, E extends Exception> boolean remove(K key, Map<K, Integer> pins, Removal<E> removal)
      throws E {
    synchronized (this) {
      if (pins.containsKey(key) || !beingRemoved.add(key)) {
        return false;
      }
    }
    try {
      removal.run();
      return true;
    } finally {
      synchronized (this) {
        beingRemoved.remove(key);
        notifyAll();
      }
    }
  }

  private synchronized <K> void pin(K key, Map<K, Integer> pins) {
    boolean interrupted = false;
    while (beingRemoved.contains(key)) {
      try {
        wait();
      } catch (InterruptedException e) {
        // a removal is short; the interrupt is kept for the caller's next blocking step
        interrupted = true;
      }
    }
    pins.merge(key, 1, Integer::sum);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized <K> void unpin(Set<K> keys, Map<K, Integer> pins) {
    for (K key : keys) {
      pins.computeIfPresent(key, (k, count) -> count == 1 ? null : count - 1);
    }
  }

  private final class CountedLease implements Lease {
    private final Set<Digest> myBlobs = new HashSet<>();
    private final Set<ChainId> mySnapshots = new HashSet<>();
    private boolean closed;

    @Override
    public synchronized void pin(Digest blob) {
      checkOpen();
      if (myBlobs.add(Objects.requireNonNull(blob, "blob"))) {
        Leases.this.pin(blob, blobs);
      }
    }

    @Override
    public synchronized void pin(ChainId snapshot) {
      checkOpen();
      if (mySnapshots.add(Objects.requireNonNull(snapshot, "snapshot"))) {
        Leases.this.pin(snapshot, snapshots);
      }
    }

    @Override
    public synchronized void close() {
      closed = true;
      unpin(myBlobs, blobs);
      unpin(mySnapshots, snapshots);
      myBlobs.clear();
      mySnapshots.clear();
    }

    private void checkOpen() {
      if (closed) {
        throw new IllegalStateException("lease is closed");
      }
    }
  }
}
