package io.slipway.builder;

import io.slipway.image.catalog.ImageCatalog;
import io.slipway.image.catalog.LayerIndex;
import io.slipway.image.content.BlobStore;
import io.slipway.image.content.LayerBlobs;
import io.slipway.image.content.Leases;
import io.slipway.image.model.Platform;
import io.slipway.image.remote.RegistryConnections;
import io.slipway.runtime.container.Containers;
import io.slipway.runtime.network.Networks;
import io.slipway.runtime.rootfs.LayerIdentities;
import io.slipway.runtime.rootfs.RootfsUnpacker;
import io.slipway.runtime.snapshot.Snapshot;
import io.slipway.runtime.snapshot.Snapshotter;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * The parts of the daemon that builds work with, all of one data root.
 *
 * @param snapshots every snapshot of {@code snapshotter}
 */
public record BuilderParts(
    ImageCatalog catalog,
    BlobStore blobs,
    Leases leases,
    Snapshotter snapshotter,
    Supplier<List<Snapshot>> snapshots,
    RootfsUnpacker unpacker,
    LayerIdentities identities,
    LayerBlobs layers,
    LayerIndex layerIndex,
    RegistryConnections registries,
    Containers containers,
    Networks networks,
    Platform platform) {

  public BuilderParts {
    Objects.requireNonNull(catalog, "catalog");
    Objects.requireNonNull(blobs, "blobs");
    Objects.requireNonNull(leases, "leases");
    Objects.requireNonNull(snapshotter, "snapshotter");
    Objects.requireNonNull(snapshots, "snapshots");
    Objects.requireNonNull(unpacker, "unpacker");
    Objects.requireNonNull(identities, "identities");
    Objects.requireNonNull(layers, "layers");
    Objects.requireNonNull(layerIndex, "layerIndex");
    Objects.requireNonNull(registries, "registries");
    Objects.requireNonNull(containers, "containers");
    Objects.requireNonNull(networks, "networks");
    Objects.requireNonNull(platform, "platform");
  }
}
