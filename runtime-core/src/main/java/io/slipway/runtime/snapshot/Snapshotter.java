package io.slipway.runtime.snapshot;

import io.slipway.image.model.ChainId;
import java.io.IOException;
import java.util.Optional;

/**
 * Keeps snapshots. The life of one: {@link #prepare} on a parent, write through {@link #view} or a
 * container's own mount of {@link Snapshot#overlay}, close every mount, {@link #commit}; or {@link
 * #remove} it unwanted. All methods may be called from any thread.
 *
 * <p>Failures a caller handles are {@code SlipwayException}s: {@code NOT_FOUND} for an unknown key,
 * {@code CONFLICT} for a key in use or a snapshot that something still stands on; {@code
 * IOException} is the disk's.
 */
public interface Snapshotter {

  /**
   * A new writable snapshot on top of a committed one.
   *
   * @param key must be free
   * @param parent a committed snapshot; empty to start from nothing
   */
  Snapshot.Active prepare(SnapshotKey key, Optional<SnapshotKey> parent, Lifetime lifetime)
      throws IOException;

  /**
   * Mounts the snapshot for this process: writable if active, read-only if committed. It is visible
   * to nobody else and vanishes with the close. An active snapshot must not be mounted elsewhere
   * meanwhile (overlayfs gives no defined result then).
   */
  MountedView view(Snapshot snapshot) throws IOException;

  /**
   * Freezes an active snapshot under {@code name}; its own key is free afterwards. If a committed
   * snapshot of that name is there already (two unpacked the same layer), that one is the result
   * and the active one is thrown away.
   */
  Snapshot.Committed commit(Snapshot.Active active, SnapshotKey name) throws IOException;

  /**
   * Records what the committed snapshot is called in images, from then on {@link #find(ChainId)}
   * knows it. Several snapshots may have one identity; the same snapshot may be identified again.
   */
  Snapshot.Committed identify(SnapshotKey key, LayerIdentity identity) throws IOException;

  /** The snapshot of this key, active or committed. */
  Optional<Snapshot> find(SnapshotKey key);

  /** A committed snapshot identified by this chain. */
  Optional<Snapshot.Committed> find(ChainId chain);

  /**
   * Removes a snapshot and its files; false if there is none of this key.
   *
   * @throws io.slipway.image.error.SlipwayException {@code CONFLICT} if others stand on it or it is
   *     pinned
   */
  boolean remove(SnapshotKey key) throws IOException;
}
