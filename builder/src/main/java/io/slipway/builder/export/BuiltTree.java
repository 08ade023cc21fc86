package io.slipway.builder.export;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.snapshot.Snapshot;
import io.slipway.runtime.snapshot.SnapshotKey;
import io.slipway.runtime.snapshot.Snapshotter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The snapshots of a built tree.
 *
 * @param layers the base first
 */
record BuiltTree(List<Snapshot.Committed> layers) {

  BuiltTree {
    layers = List.copyOf(layers);
  }

  static BuiltTree of(Snapshotter snapshotter, Optional<SnapshotKey> top) {
    var layers = new ArrayList<Snapshot.Committed>();
    for (Optional<SnapshotKey> at = top; at.isPresent(); ) {
      Snapshot.Committed layer = committed(snapshotter, at.get());
      layers.add(layer);
      at = layer.parent();
    }
    return new BuiltTree(layers.reversed());
  }

  private static Snapshot.Committed committed(Snapshotter snapshotter, SnapshotKey key) {
    Optional<Snapshot> found = snapshotter.find(key);
    if (found.isPresent() && found.get() instanceof Snapshot.Committed committed) {
      return committed;
    }
    throw new SlipwayException(
        ErrorKind.INTERNAL, "snapshot " + key + " of the built image is gone: build again");
  }
}
