package io.slipway.builder.exchange;

import io.slipway.image.content.Blob;
import io.slipway.image.content.BlobStore;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.ImageManifest;
import java.io.IOException;
import java.util.Optional;

/** Where a cache is kept. Safe for threads. */
interface CacheStore {

  /** The manifest that is there; empty if there is none. */
  Optional<ImageManifest> read() throws IOException;

  /** Brings a blob into {@code target}, verified. */
  void fetch(Descriptor blob, BlobStore target) throws IOException;

  /** Puts a blob there, unless it is. */
  void put(Blob blob) throws IOException;

  /** Puts the manifest there, in the place of the former one. */
  void write(ImageManifest manifest) throws IOException;
}
