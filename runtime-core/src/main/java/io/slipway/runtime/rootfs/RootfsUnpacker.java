package io.slipway.runtime.rootfs;

import io.slipway.image.content.Lease;
import io.slipway.image.model.RootFs;
import io.slipway.runtime.snapshot.Snapshot;
import java.io.IOException;
import java.util.Optional;

/** Makes the snapshots of an image from the layer blobs the catalog's layer index knows. */
public interface RootfsUnpacker {

  /**
   * The snapshot of the whole stack, pinned by {@code lease}; empty for an image without layers.
   * Layers that are snapshots already are not touched; equal layers asked for at the same time are
   * unpacked once.
   *
   * @throws io.slipway.image.error.SlipwayException {@code NOT_FOUND} if there is neither a
   *     snapshot nor a blob of a layer; {@code INVALID} if a blob is not a layer or not what its
   *     DiffID says
   */
  Optional<Snapshot.Committed> unpack(RootFs rootFs, Lease lease) throws IOException;
}
