package io.slipway.runtime.rootfs;

import io.slipway.image.codec.DigestingOutputStream;
import io.slipway.image.model.Digest;
import io.slipway.runtime.layer.LayerWriter;
import io.slipway.runtime.layer.WriterOptions;
import io.slipway.runtime.snapshot.MountedView;
import io.slipway.runtime.snapshot.Snapshot;
import io.slipway.runtime.snapshot.Snapshotter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** Writes a committed snapshot as a layer's tar, and says what it wrote. */
public final class SnapshotTar {
  private final Snapshotter snapshotter;

  public SnapshotTar(Snapshotter snapshotter) {
    this.snapshotter = snapshotter;
  }

  /** Digest and size of a tar. */
  public record Written(Digest diffId, long bytes) {}

  /** Writes what the snapshot changed; {@code target} is flushed, not closed. */
  public Written write(Snapshot snapshot, WriterOptions options, OutputStream target)
      throws IOException {
    DigestingOutputStream digesting = new DigestingOutputStream(target);
    LayerWriter writer = new LayerWriter(options);
    Optional<Snapshot> below = snapshot.parent().flatMap(snapshotter::find);
    if (below.isEmpty()) {
      writer.write(snapshot.changes(), Optional.empty(), digesting);
    } else {
      try (MountedView view = snapshotter.view(below.get())) {
        writer.write(snapshot.changes(), Optional.of(view.root()), digesting);
      }
    }
    return new Written(digesting.digest(), digesting.count());
  }
}
