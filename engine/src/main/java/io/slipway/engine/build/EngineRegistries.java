package io.slipway.engine.build;

import io.slipway.builder.export.PackedImage;
import io.slipway.builder.export.Registries;
import io.slipway.engine.image.ImageTransfers;
import io.slipway.image.content.Lease;
import io.slipway.image.model.Compression;
import io.slipway.image.model.ImageIndex;
import io.slipway.image.model.ManifestFormat;
import io.slipway.image.name.Reference;
import io.slipway.image.remote.CredentialSource;
import io.slipway.image.remote.PushRequest;
import io.slipway.image.remote.TransferListener;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Pushes what builds have packed. */
record EngineRegistries(ImageTransfers transfers, CredentialSource who) implements Registries {

  @Override
  public void push(
      Reference name,
      List<PackedImage> images,
      Optional<ImageIndex> index,
      Lease lease,
      TransferListener listener)
      throws IOException {
    List<PushRequest> requests =
        images.stream()
            .map(image ->
                new PushRequest(
                    name,
                    image.config(),
                    List.of(image.manifest()),
                    ManifestFormat.OCI,
                    Compression.GZIP,
                    who))
            .toList();
    transfers.pushPacked(requests, index, lease, listener);
  }
}
