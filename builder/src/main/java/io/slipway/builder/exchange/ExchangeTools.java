package io.slipway.builder.exchange;

import io.slipway.builder.cache.SqliteCacheIndex;
import io.slipway.builder.op.StepFolders;
import io.slipway.image.catalog.LayerIndex;
import io.slipway.image.content.BlobStore;
import io.slipway.image.content.LayerBlobs;
import io.slipway.image.model.Platform;
import io.slipway.image.remote.CredentialSource;
import io.slipway.image.remote.RegistryConnections;
import io.slipway.runtime.rootfs.LayerIdentities;
import io.slipway.runtime.rootfs.RootfsUnpacker;
import io.slipway.runtime.snapshot.Snapshotter;
import java.io.IOException;
import java.util.Objects;

/** The parts of the daemon that exchanging caches works with. */
public record ExchangeTools(
    SqliteCacheIndex index,
    StepFolders folders,
    Snapshotter snapshotter,
    RootfsUnpacker unpacker,
    LayerIdentities identities,
    LayerIndex layers,
    LayerBlobs layerBlobs,
    BlobStore blobs,
    RegistryConnections registries,
    Platform platform) {

  public ExchangeTools {
    Objects.requireNonNull(index, "index");
    Objects.requireNonNull(folders, "folders");
    Objects.requireNonNull(snapshotter, "snapshotter");
    Objects.requireNonNull(unpacker, "unpacker");
    Objects.requireNonNull(identities, "identities");
    Objects.requireNonNull(layers, "layers");
    Objects.requireNonNull(layerBlobs, "layerBlobs");
    Objects.requireNonNull(blobs, "blobs");
    Objects.requireNonNull(registries, "registries");
    Objects.requireNonNull(platform, "platform");
  }

  CacheStore store(CacheTransfer.Place place, boolean write, CredentialSource who)
      throws IOException {
    return switch (place) {
      case CacheTransfer.Registry registry -> {
        var repository = registry.reference().repository();
        yield new RegistryCacheStore(
            registry.reference(),
            write ? registries.forPush(repository, who) : registries.forPull(repository, who),
            platform);
      }
      case CacheTransfer.Directory directory ->
          new DirectoryCacheStore(directory.path(), directory.tag());
      case CacheTransfer.Inline _ ->
          throw new IllegalArgumentException("an inline cache is part of its image");
    };
  }
}
