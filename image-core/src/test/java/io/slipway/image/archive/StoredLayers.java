package io.slipway.image.archive;

import io.slipway.image.catalog.LayerBlob;
import io.slipway.image.catalog.LayerIndex;
import io.slipway.image.codec.Decompression;
import io.slipway.image.content.Blob;
import io.slipway.image.content.BlobStore;
import io.slipway.image.content.Layer;
import io.slipway.image.content.LayerBlobs;
import io.slipway.image.content.Lease;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Compression;
import io.slipway.image.model.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Layers of which only blobs exist, as on a machine that never unpacks them. */
record StoredLayers(BlobStore blobs, LayerIndex index) implements LayerBlobs {
  @Override
  public Descriptor blob(Layer layer, Compression preferred, Lease lease) {
    return find(layer).descriptor();
  }

  @Override
  public long tarSize(Layer layer, Lease lease) {
    return find(layer).uncompressedBytes();
  }

  @Override
  public void copyTar(Layer layer, OutputStream target, Lease lease) throws IOException {
    try (Blob blob = blobs.open(find(layer).descriptor().digest());
        InputStream tar = Decompression.open(blob.stream(0))) {
      tar.transferTo(target);
    }
  }

  private LayerBlob find(Layer layer) {
    return index.find(layer.diffId()).stream()
        .findFirst()
        .orElseThrow(() -> SlipwayException.notFound("no blob of layer " + layer.diffId()));
  }
}
