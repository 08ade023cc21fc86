package io.slipway.registry.store;

import io.slipway.image.model.Digest;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the metadata keeps of a manifest: enough to answer HEAD, to list it as a referrer and to
 * find what it keeps alive, without reading its bytes. {@code size} is in bytes; {@code
 * artifactType} is empty text when it has none.
 */
public record ManifestRecord(
    Digest digest,
    String mediaType,
    long size,
    String artifactType,
    Optional<Digest> subject,
    Map<String, String> annotations) {
  public ManifestRecord {
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(mediaType, "mediaType");
    Objects.requireNonNull(artifactType, "artifactType");
    Objects.requireNonNull(subject, "subject");
    annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
  }
}
