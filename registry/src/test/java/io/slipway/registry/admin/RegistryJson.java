package io.slipway.registry.admin;

import io.slipway.image.model.Digest;

/** Pieces of manifests. */
final class RegistryJson {
  private RegistryJson() {}

  static String descriptor(String mediaType, Digest digest, long size) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
        .formatted(mediaType, digest, size);
  }
}
