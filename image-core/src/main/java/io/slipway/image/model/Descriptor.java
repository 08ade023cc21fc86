package io.slipway.image.model;

import io.slipway.image.error.SlipwayException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A typed pointer to content (OCI "descriptor"). {@code artifactType} is empty text when absent;
 * annotations are sorted by key.
 */
public record Descriptor(
    String mediaType,
    Digest digest,
    long size,
    Optional<Platform> platform,
    Map<String, String> annotations,
    List<String> urls,
    String artifactType) {

  public Descriptor {
    Objects.requireNonNull(mediaType, "mediaType");
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(platform, "platform");
    Objects.requireNonNull(artifactType, "artifactType");
    if (size < 0) {
      throw SlipwayException.invalid("descriptor of " + digest + " has negative size " + size);
    }
    annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
    urls = List.copyOf(urls);
  }

  public Descriptor(String mediaType, Digest digest, long size) {
    this(mediaType, digest, size, Optional.empty(), Map.of(), List.of(), "");
  }

  public Descriptor withMediaType(String newMediaType) {
    return new Descriptor(newMediaType, digest, size, platform, annotations, urls, artifactType);
  }

  public Descriptor withPlatform(Platform newPlatform) {
    return new Descriptor(
        mediaType, digest, size, Optional.of(newPlatform), annotations, urls, artifactType);
  }

  public Descriptor withAnnotations(Map<String, String> newAnnotations) {
    return new Descriptor(mediaType, digest, size, platform, newAnnotations, urls, artifactType);
  }
}
