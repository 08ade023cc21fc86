package io.slipway.registry.upkeep;

import io.slipway.image.content.Blob;
import io.slipway.image.content.BlobStore;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ImageIndex;
import io.slipway.image.model.ImageManifest;
import io.slipway.image.model.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads blobs that may be manifests. */
final class StoredManifests {
  private static final String MARK = "\"schemaVersion\"";

  private final BlobStore blobs;

  StoredManifests(BlobStore blobs) {
    this.blobs = blobs;
  }

  /** The blob's bytes if they are good and there. */
  Optional<Bytes> read(Digest digest) throws IOException {
    try (Blob blob = blobs.open(digest);
        InputStream stream = blob.stream(0)) {
      if (blob.size() > Manifest.MAX_BYTES) {
        return Optional.empty();
      }
      Bytes bytes = Bytes.copyOf(stream.readAllBytes());
      return bytes.digest(digest.algorithm()).equals(digest)
          ? Optional.of(bytes)
          : Optional.empty();
    } catch (SlipwayException e) {
      if (e.kind() == ErrorKind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** What the bytes are as a manifest; empty when they are something else. */
  static Optional<Manifest> parse(Bytes bytes, String mediaType) {
    if (!new String(bytes.toArray(), StandardCharsets.ISO_8859_1).contains(MARK)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Manifest.parse(bytes, mediaType));
    } catch (SlipwayException e) {
      // any JSON may have such a field
      return Optional.empty();
    }
  }

  /** The blobs that a manifest names, or the manifests that an index names. */
  static List<Descriptor> named(Manifest manifest) {
    return switch (manifest) {
      case ImageManifest image -> {
        List<Descriptor> all = new ArrayList<>(image.layers());
        all.add(image.config());
        yield all;
      }
      case ImageIndex index -> index.manifests();
    };
  }
}
