package io.slipway.engine.image;

import io.slipway.image.catalog.ImageRecord;
import io.slipway.image.catalog.LayerBlob;
import io.slipway.image.catalog.LayerIndex;
import io.slipway.image.catalog.ManifestOrigin;
import io.slipway.image.content.GarbageCollector;
import io.slipway.image.content.Layer;
import io.slipway.image.content.Leases;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.ChainId;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.runtime.snapshot.Snapshot;
import io.slipway.runtime.snapshot.SnapshotKey;
import io.slipway.runtime.snapshot.Snapshotter;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Gives back the space of images that are gone: unpacked layers that no image stands on, then blobs
 * that nothing names. Snapshots of build steps belong to the build cache and stay.
 */
public final class ImageSpace {
  /** A blob may be stored a moment before the record that names it. */
  private static final Duration FRESH = Duration.ofMinutes(1);

  private final StoredImages images;
  private final LayerIndex layerIndex;
  private final Snapshotter snapshotter;
  private final Leases leases;
  private final GarbageCollector collector;
  private final Clock clock;
  private final ReentrantLock one = new ReentrantLock();

  /** Layers of images that were removed and whose snapshots are not gone yet. */
  private final Map<ChainId, Layer> gone = new LinkedHashMap<>();

  public ImageSpace(
      StoredImages images,
      LayerIndex layerIndex,
      Snapshotter snapshotter,
      Leases leases,
      GarbageCollector collector,
      Clock clock) {
    this.images = images;
    this.layerIndex = layerIndex;
    this.snapshotter = snapshotter;
    this.leases = leases;
    this.collector = collector;
    this.clock = clock;
  }

  /** Takes note of the layers of an image that is about to go. */
  void note(Digest id) throws IOException {
    List<Layer> layers = Layer.of(images.config(id).rootFs());
    one.lock();
    try {
      layers.forEach(layer -> gone.put(layer.chainId(), layer));
    } finally {
      one.unlock();
    }
  }

  /** Collects now; the bytes that came back. */
  long collect() throws IOException {
    one.lock();
    try {
      Set<ChainId> chains = new HashSet<>();
      Set<Digest> live = new HashSet<>();
      for (ImageRecord image : images.catalog().list()) {
        markImage(image, chains, live);
      }
      long bytes = removeLayers(chains);
      return bytes + collector.sweep(live, clock.instant().minus(FRESH)).bytes();
    } finally {
      one.unlock();
    }
  }

  private void markImage(ImageRecord image, Set<ChainId> chains, Set<Digest> live)
      throws IOException {
    live.add(image.id());
    for (ManifestOrigin origin : image.manifests()) {
      live.add(origin.manifest().digest());
      origin.index().map(Descriptor::digest).ifPresent(live::add);
    }
    for (Layer layer : Layer.of(images.config(image.id()).rootFs())) {
      chains.add(layer.chainId());
      for (LayerBlob blob : layerIndex.find(layer.diffId())) {
        live.add(blob.descriptor().digest());
      }
    }
  }

  /** From the top of each chain down, because a parent cannot go before its children. */
  private long removeLayers(Set<ChainId> chains) throws IOException {
    long bytes = 0;
    for (Layer layer : new ArrayList<>(gone.values()).reversed()) {
      if (chains.contains(layer.chainId())) {
        continue;
      }
      bytes += remove(layer);
      if (snapshotter.find(SnapshotKey.of(layer.chainId())).isEmpty()) {
        gone.remove(layer.chainId());
      }
    }
    gone.keySet().removeAll(chains);
    return bytes;
  }

  private long remove(Layer layer) throws IOException {
    SnapshotKey key = SnapshotKey.of(layer.chainId());
    long size =
        snapshotter.find(key).orElse(null) instanceof Snapshot.Committed committed
            ? committed.usage().bytes()
            : 0;
    try {
      boolean removed =
          leases.removeUnlessPinned(
              layer.chainId(),
              () -> {
                snapshotter.remove(key);
              });
      return removed ? size : 0;
    } catch (SlipwayException e) {
      if (e.kind() == ErrorKind.CONFLICT) {
        // A container or a build step stands on it; it goes with the next collection.
        return 0;
      }
      throw e;
    }
  }
}
