package io.slipway.engine.container;

import io.slipway.image.catalog.ImageCatalog;
import io.slipway.image.catalog.LayerIndex;
import io.slipway.image.content.BlobStore;
import io.slipway.image.content.Leases;
import java.util.Objects;

/** Where images are kept that are made of containers. */
public record ImageStorage(
    ImageCatalog catalog, BlobStore blobs, LayerIndex layers, Leases leases) {
  public ImageStorage {
    Objects.requireNonNull(catalog, "catalog");
    Objects.requireNonNull(blobs, "blobs");
    Objects.requireNonNull(layers, "layers");
    Objects.requireNonNull(leases, "leases");
  }
}
