package io.slipway.image.catalog;

import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.name.Repository;
import java.util.List;
import java.util.Objects;

/**
 * A blob that holds a layer.
 *
 * @param diffId digest of the uncompressed tar
 * @param descriptor the blob, its size that of the compressed bytes
 * @param uncompressedBytes size of the tar
 * @param sources repositories known to hold the blob: a push to the same registry can mount it
 */
public record LayerBlob(
    Digest diffId, Descriptor descriptor, long uncompressedBytes, List<Repository> sources) {
  public LayerBlob {
    Objects.requireNonNull(diffId, "diffId");
    Objects.requireNonNull(descriptor, "descriptor");
    sources = sources.stream().distinct().sorted().toList();
  }
}
