package io.slipway.registry.config;

/** Which manifests are taken although content they name is not in the repository. */
public enum SparseManifests {
  /** None. */
  REJECT,
  /** Indexes without all their children, as when only some platforms are mirrored. */
  ALLOW_INDEX_CHILDREN,
  /** Images without all their blobs, too. */
  ALLOW_ALL
}
