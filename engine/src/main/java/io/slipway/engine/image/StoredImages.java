package io.slipway.engine.image;

import io.slipway.image.catalog.ImageCatalog;
import io.slipway.image.catalog.ImageLookup;
import io.slipway.image.catalog.ImageRecord;
import io.slipway.image.catalog.LayerBlob;
import io.slipway.image.catalog.LayerIndex;
import io.slipway.image.content.Layer;
import io.slipway.image.content.VerifiedBlobs;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ImageConfig;
import io.slipway.image.name.Reference;
import io.slipway.runtime.snapshot.Snapshot;
import io.slipway.runtime.snapshot.Snapshotter;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The images of this engine: records, configs and sizes. Configs are read once. */
public final class StoredImages {
  private final ImageCatalog catalog;
  private final VerifiedBlobs blobs;
  private final LayerIndex layerIndex;
  private final Snapshotter snapshotter;
  private final Map<Digest, ImageConfig> configs = new ConcurrentHashMap<>();

  public StoredImages(
      ImageCatalog catalog, VerifiedBlobs blobs, LayerIndex layerIndex, Snapshotter snapshotter) {
    this.catalog = catalog;
    this.blobs = blobs;
    this.layerIndex = layerIndex;
    this.snapshotter = snapshotter;
  }

  ImageCatalog catalog() {
    return catalog;
  }

  /** The image that a name, an id or the beginning of one means; NOT_FOUND in docker's words. */
  public ImageRecord get(String text) {
    return new ImageLookup(catalog).get(text);
  }

  /** The image that has a reference. */
  public Optional<ImageRecord> find(Reference reference) {
    return catalog.find(reference);
  }

  /** An image's config. */
  public ImageConfig config(Digest id) throws IOException {
    ImageConfig known = configs.get(id);
    if (known != null) {
      return known;
    }
    ImageConfig config = ImageConfig.parse(blobs.read(id, ImageConfig.MAX_BYTES));
    configs.put(id, config);
    return config;
  }

  /** Forgets the config of an image that is gone. */
  void forget(Digest id) {
    configs.remove(id);
  }

  /** Bytes of a layer as it lies on disk; of its tar while it is not unpacked. */
  public long size(Layer layer) {
    Optional<Snapshot.Committed> snapshot = snapshotter.find(layer.chainId());
    if (snapshot.isPresent()) {
      return snapshot.get().usage().bytes();
    }
    List<LayerBlob> known = layerIndex.find(layer.diffId());
    return known.isEmpty() ? 0 : known.getFirst().uncompressedBytes();
  }

  /** Bytes of all layers of an image. */
  public long size(ImageConfig config) {
    return Layer.of(config.rootFs()).stream().mapToLong(this::size).sum();
  }
}
