package io.slipway.image.model;

import java.util.Map;
import java.util.Optional;

/**
 * What a tag names: an image's parts, or a list of such. The parsed view beside the original bytes;
 * {@link #descriptor} is always of the bytes.
 */
public sealed interface Manifest permits ImageManifest, ImageIndex {
  /** The largest manifest that is read: registries must accept 4 MiB (distribution-spec). */
  int MAX_BYTES = 4 << 20;

  /**
   * Parses a manifest received with {@code mediaType} (a Content-Type without parameters, or empty
   * to believe the {@code mediaType} field of the body). INVALID when it is malformed, is of an
   * unknown type or contradicts {@code mediaType}.
   */
  static Manifest parse(Bytes bytes, String mediaType) {
    return ManifestJson.parse(bytes, mediaType);
  }

  /** Exactly what was received or is to be sent. */
  Bytes bytes();

  /** Media type, sha256 and size of {@link #bytes}. */
  Descriptor descriptor();

  /** The manifest this one is about (OCI referrers). */
  Optional<Descriptor> subject();

  /** Empty text when absent. */
  String artifactType();

  Map<String, String> annotations();
}
