package io.slipway.builder.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.slipway.image.content.Lease;
import io.slipway.image.content.VerifiedBlobs;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ImageConfig;
import io.slipway.image.model.ImageManifest;
import io.slipway.image.model.MediaTypes;
import io.slipway.image.model.RootFs;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A cache somewhere, read but for the layers. */
record ImportedCache(CacheStore store, ImageManifest manifest, CacheDocument document) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_BYTES = 64 << 20;

  /** Empty if the manifest is an image's that has no cache in it. */
  static Optional<ImportedCache> read(
      CacheStore store, ImageManifest manifest, VerifiedBlobs blobs, Lease lease)
      throws IOException {
    Descriptor config = manifest.config();
    boolean image = MediaTypes.isImageConfig(config.mediaType());
    if (!image && !config.mediaType().equals(CacheDocument.MEDIA_TYPE)) {
      return Optional.empty();
    }
    int limit = image ? ImageConfig.MAX_BYTES : MAX_BYTES;
    if (config.size() > limit) {
      throw SlipwayException.invalid("build cache description of " + config.size() + " bytes");
    }
    lease.pin(config.digest());
    if (!blobs.has(config)) {
      store.fetch(config, blobs.store());
    }
    Bytes bytes = blobs.read(config.digest(), limit);
    if (!image) {
      return Optional.of(new ImportedCache(store, manifest, CacheDocument.parse(bytes)));
    }
    JsonNode inline = JSON.readTree(bytes.toArray()).path(CacheDocument.MEMBER);
    return inline.isObject()
        ? Optional.of(
            new ImportedCache(
                store, manifest, CacheDocument.parse(Bytes.utf8(JSON.writeValueAsString(inline)))))
        : Optional.empty();
  }

  RootFs rootFs(List<Integer> layers) {
    return new RootFs(
        layers.stream().map(i -> Digest.parse(document.layers().get(i).diffId())).toList());
  }

  /** Empty for a layer that is not part of the cache. */
  Optional<Descriptor> layerBlob(int layer) {
    return blob(document.layers().get(layer).blob());
  }

  long tarBytes(int layer) {
    return document.layers().get(layer).tarBytes();
  }

  Optional<Descriptor> blob(int number) {
    return number >= 0 && number < manifest.layers().size()
        ? Optional.of(manifest.layers().get(number))
        : Optional.empty();
  }
}
