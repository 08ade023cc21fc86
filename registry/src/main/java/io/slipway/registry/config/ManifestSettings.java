package io.slipway.registry.config;

import java.util.Objects;

/** Which manifests are taken. */
public record ManifestSettings(
    @Setting(
            value =
                "manifests to take although content they name is not there: `reject` none,"
                    + " `allow-index-children` indexes without all children, `allow-all` images"
                    + " without all blobs too",
            preset = "reject")
        SparseManifests sparse) {

  public ManifestSettings {
    Objects.requireNonNull(sparse, "sparse");
  }
}
