package io.slipway.builder.prune;

import io.slipway.image.catalog.ImageCatalog;
import io.slipway.image.catalog.ImageRecord;
import io.slipway.image.content.BlobStore;
import io.slipway.image.content.VerifiedBlobs;
import io.slipway.image.model.ChainId;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ImageConfig;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The layer chains of all images there are. Reads an image's config once. */
final class ImageChains {
  private final ImageCatalog catalog;
  private final VerifiedBlobs blobs;
  private Map<Digest, List<ChainId>> byImage = Map.of();
  private Set<ChainId> chains = Set.of();

  ImageChains(ImageCatalog catalog, BlobStore blobs) {
    this.catalog = catalog;
    this.blobs = new VerifiedBlobs(blobs);
  }

  /** Of this very moment. */
  synchronized Set<ChainId> now() throws IOException {
    List<Digest> ids = catalog.list().stream().map(ImageRecord::id).toList();
    if (Set.copyOf(ids).equals(byImage.keySet())) {
      return chains;
    }
    var read = new HashMap<Digest, List<ChainId>>();
    for (Digest id : ids) {
      List<ChainId> known = byImage.get(id);
      read.put(id, known != null ? known : chain(id));
    }
    byImage = Map.copyOf(read);
    chains = read.values().stream().flatMap(List::stream).collect(Collectors.toSet());
    return chains;
  }

  private List<ChainId> chain(Digest id) throws IOException {
    return ImageConfig.parse(blobs.read(id, ImageConfig.MAX_BYTES)).rootFs().chain();
  }
}
