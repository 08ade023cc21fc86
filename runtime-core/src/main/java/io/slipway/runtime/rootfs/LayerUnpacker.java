package io.slipway.runtime.rootfs;

import io.slipway.image.codec.VerifiedInputStream;
import io.slipway.image.content.Layer;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.ChainId;
import io.slipway.image.task.KeyedLock;
import io.slipway.runtime.layer.ApplyOptions;
import io.slipway.runtime.layer.LayerApplier;
import io.slipway.runtime.snapshot.LayerIdentity;
import io.slipway.runtime.snapshot.Lifetime;
import io.slipway.runtime.snapshot.MountedView;
import io.slipway.runtime.snapshot.Snapshot;
import io.slipway.runtime.snapshot.SnapshotKey;
import io.slipway.runtime.snapshot.Snapshotter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * Unpacks single layers onto the snapshots below them. A layer asked for twice at the same time is
 * unpacked once; the second caller waits and finds it.
 */
public final class LayerUnpacker {
  private final Snapshotter snapshotter;
  private final LayerApplier applier = new LayerApplier(ApplyOptions.LAYER);
  private final KeyedLock<ChainId> unpacking = new KeyedLock<>();

  public LayerUnpacker(Snapshotter snapshotter) {
    this.snapshotter = snapshotter;
  }

  /** Where a layer's tar comes from when it has to be unpacked. */
  @FunctionalInterface
  public interface TarSource {
    /** Opens the uncompressed tar; called at most once, closed by the unpacker. */
    VerifiedInputStream open() throws IOException;
  }

  /**
   * The layer's snapshot: the one that is there, else made of the tar.
   *
   * @throws SlipwayException {@code NOT_FOUND} if the layer below is no snapshot; {@code INVALID}
   *     if the tar is not what the layer's DiffID says, or no valid layer
   */
  public Snapshot.Committed unpack(Layer layer, TarSource source) throws IOException {
    try (KeyedLock.Held _ = unpacking.lock(layer.chainId())) {
      Optional<Snapshot.Committed> there = snapshotter.find(layer.chainId());
      if (there.isPresent()) {
        return there.get();
      }
      Optional<SnapshotKey> parent = layer.parent().map(this::parent);
      Snapshot.Active active =
          snapshotter.prepare(
              new SnapshotKey("unpack/" + layer.diffId() + "/" + UUID.randomUUID()),
              parent,
              Lifetime.OPERATION);
      return fill(layer, active, source);
    }
  }

  private SnapshotKey parent(ChainId below) {
    return snapshotter
        .find(below)
        .map(Snapshot::key)
        .orElseThrow(
            () -> SlipwayException.notFound("the layer below, " + below + ", is not unpacked"));
  }

  private Snapshot.Committed fill(Layer layer, Snapshot.Active active, TarSource source)
      throws IOException {
    boolean done = false;
    try (VerifiedInputStream tar = source.open()) {
      apply(active, tar);
      tar.verify();
      Snapshot.Committed committed = snapshotter.commit(active, SnapshotKey.of(layer.chainId()));
      done = true;
      return snapshotter.identify(
          committed.key(), new LayerIdentity(layer.diffId(), layer.chainId(), tar.count()));
    } finally {
      if (!done) {
        snapshotter.remove(active.key());
      }
    }
  }

  private void apply(Snapshot.Active active, VerifiedInputStream tar) throws IOException {
    Optional<Snapshot> below = active.parent().flatMap(snapshotter::find);
    if (below.isEmpty()) {
      applier.apply(tar, active.changes(), Optional.<Path>empty());
      return;
    }
    try (MountedView view = snapshotter.view(below.get())) {
      applier.apply(tar, active.changes(), Optional.of(view.root()));
    }
  }
}
