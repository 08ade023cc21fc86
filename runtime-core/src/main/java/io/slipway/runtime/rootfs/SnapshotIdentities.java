package io.slipway.runtime.rootfs;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.ChainId;
import io.slipway.image.task.KeyedLock;
import io.slipway.runtime.layer.WriterOptions;
import io.slipway.runtime.snapshot.LayerIdentity;
import io.slipway.runtime.snapshot.Snapshot;
import io.slipway.runtime.snapshot.SnapshotKey;
import io.slipway.runtime.snapshot.Snapshotter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Works out the identities of built snapshots by writing their tars to nowhere. */
public final class SnapshotIdentities implements LayerIdentities {
  private final Snapshotter snapshotter;
  private final SnapshotTar tar;
  private final KeyedLock<SnapshotKey> identifying = new KeyedLock<>();

  public SnapshotIdentities(Snapshotter snapshotter, SnapshotTar tar) {
    this.snapshotter = snapshotter;
    this.tar = tar;
  }

  @Override
  public LayerIdentity identify(SnapshotKey snapshot) throws IOException {
    Deque<SnapshotKey> unknown = new ArrayDeque<>();
    Optional<LayerIdentity> below = Optional.empty();
    Optional<SnapshotKey> at = Optional.of(snapshot);
    while (at.isPresent() && below.isEmpty()) {
      Snapshot.Committed committed = committed(at.get());
      below = committed.identity();
      if (below.isEmpty()) {
        unknown.push(committed.key());
        at = committed.parent();
      }
    }
    while (!unknown.isEmpty()) {
      below = Optional.of(identify(unknown.pop(), below));
    }
    return below.orElseThrow();
  }

  private LayerIdentity identify(SnapshotKey key, Optional<LayerIdentity> below)
      throws IOException {
    try (KeyedLock.Held _ = identifying.lock(key)) {
      Snapshot.Committed snapshot = committed(key);
      if (snapshot.identity().isPresent()) {
        return snapshot.identity().get();
      }
      SnapshotTar.Written written =
          tar.write(snapshot, WriterOptions.PLAIN, OutputStream.nullOutputStream());
      ChainId chain =
          below
              .map(parent -> parent.chainId().then(written.diffId()))
              .orElseGet(() -> ChainId.first(written.diffId()));
      LayerIdentity identity = new LayerIdentity(written.diffId(), chain, written.bytes());
      snapshotter.identify(key, identity);
      return identity;
    }
  }

  private Snapshot.Committed committed(SnapshotKey key) {
    Snapshot snapshot =
        snapshotter.find(key).orElseThrow(() -> SlipwayException.notFound("no snapshot " + key));
    if (snapshot instanceof Snapshot.Committed committed) {
      return committed;
    }
    throw new SlipwayException(ErrorKind.CONFLICT, "snapshot " + key + " is still being written");
  }
}
