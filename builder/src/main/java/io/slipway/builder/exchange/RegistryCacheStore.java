package io.slipway.builder.exchange;

import io.slipway.image.content.Blob;
import io.slipway.image.content.BlobStore;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.ImageIndex;
import io.slipway.image.model.ImageManifest;
import io.slipway.image.model.Platform;
import io.slipway.image.name.Reference;
import io.slipway.image.remote.RegistryClient;
import java.io.IOException;
import java.util.Optional;

/** A tag of a repository. */
record RegistryCacheStore(Reference reference, RegistryClient client, Platform platform)
    implements CacheStore {

  @Override
  public Optional<ImageManifest> read() throws IOException {
    String name = reference.manifestReference();
    if (client.head(name).isEmpty()) {
      return Optional.empty();
    }
    return switch (client.manifest(name)) {
      case ImageManifest image -> Optional.of(image);
      case ImageIndex index -> {
        Optional<Descriptor> image = index.select(platform);
        yield image.isPresent()
                && client.manifest(image.get().digest().toString()) instanceof ImageManifest found
            ? Optional.of(found)
            : Optional.empty();
      }
    };
  }

  @Override
  public void fetch(Descriptor blob, BlobStore target) throws IOException {
    client.download(blob, target);
  }

  @Override
  public void put(Blob blob) throws IOException {
    client.upload(blob);
  }

  @Override
  public void write(ImageManifest manifest) throws IOException {
    String tag =
        reference
            .tag()
            .orElseThrow(() ->
                new SlipwayException(
                    ErrorKind.INVALID, "cache export needs a tag, not a digest: " + reference));
    client.putManifest(tag, manifest);
  }
}
