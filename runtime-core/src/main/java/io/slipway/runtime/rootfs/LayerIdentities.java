package io.slipway.runtime.rootfs;

import io.slipway.runtime.snapshot.LayerIdentity;
import io.slipway.runtime.snapshot.SnapshotKey;
import java.io.IOException;

/** What snapshots are called in images. */
public interface LayerIdentities {

  /**
   * DiffID and ChainID of a committed snapshot: the recorded ones, else worked out from its tar
   * (which is written to nowhere but the digest) and recorded. Snapshots below it come first.
   */
  LayerIdentity identify(SnapshotKey snapshot) throws IOException;
}
