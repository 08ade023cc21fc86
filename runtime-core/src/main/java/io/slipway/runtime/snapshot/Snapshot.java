package io.slipway.runtime.snapshot;

import io.slipway.runtime.linux.OverlayMount;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** A file tree under a key: still being written, or done. */
public sealed interface Snapshot {
  SnapshotKey key();

  /** The committed snapshot below; empty if it stands on nothing. */
  Optional<SnapshotKey> parent();

  /** How to mount it. An active one is writable, a committed one is a read-only view. */
  OverlayMount overlay();

  /** The directory that holds what this snapshot adds to its parent, in overlay format. */
  Path changes();

  /** A snapshot that never changes again. */
  record Committed(
      SnapshotKey key,
      Optional<SnapshotKey> parent,
      OverlayMount overlay,
      Path changes,
      Optional<LayerIdentity> identity,
      Usage usage,
      Instant created)
      implements Snapshot {

    /** The same with another identity. */
    public Committed withIdentity(LayerIdentity known) {
      return new Committed(key, parent, overlay, changes, Optional.of(known), usage, created);
    }
  }

  /** A snapshot somebody writes to, through one mount at a time. */
  record Active(
      SnapshotKey key, Optional<SnapshotKey> parent, OverlayMount overlay, Lifetime lifetime)
      implements Snapshot {
    public Active {
      if (overlay.writable().isEmpty()) {
        throw new IllegalArgumentException("active snapshot " + key + " has no writable part");
      }
    }

    @Override
    public Path changes() {
      return overlay.writable().orElseThrow().upper();
    }
  }
}
