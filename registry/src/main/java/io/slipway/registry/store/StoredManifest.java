package io.slipway.registry.store;

import java.util.Objects;

/** A manifest with its exact bytes, which must not be changed. */
public record StoredManifest(ManifestRecord record, byte[] content) {
  public StoredManifest {
    Objects.requireNonNull(record, "record");
    Objects.requireNonNull(content, "content");
  }
}
