package io.slipway.runtime.rootfs;

import io.slipway.image.codec.VerifiedInputStream;
import io.slipway.image.content.Layer;
import io.slipway.image.remote.PullSink;
import io.slipway.runtime.snapshot.Snapshotter;
import java.io.IOException;

/** Unpacks the layers of a pull as they arrive. */
public final class SnapshotPullSink implements PullSink {
  private final Snapshotter snapshotter;
  private final LayerUnpacker unpacker;

  public SnapshotPullSink(Snapshotter snapshotter, LayerUnpacker unpacker) {
    this.snapshotter = snapshotter;
    this.unpacker = unpacker;
  }

  @Override
  public boolean has(Layer layer) {
    return snapshotter.find(layer.chainId()).isPresent();
  }

  @Override
  public void unpack(Layer layer, VerifiedInputStream tar) throws IOException {
    unpacker.unpack(layer, () -> tar);
  }
}
