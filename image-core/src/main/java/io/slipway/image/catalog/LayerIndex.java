package io.slipway.image.catalog;

import io.slipway.image.model.Digest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Which blobs hold which layer. An entry says that the blob was once seen to unpack to the DiffID;
 * the blob store says whether it is still there. Safe for threads.
 */
public interface LayerIndex {
  /** The blobs of a layer, the first put first. */
  List<LayerBlob> find(Digest diffId);

  /** The entry of a blob by the digest of its (compressed) bytes. */
  Optional<LayerBlob> findBlob(Digest blob);

  /** Adds an entry, or merges the sources into the known entry of the same blob. */
  void put(LayerBlob blob) throws IOException;

  /** Forgets a blob, for example when it was collected; false when it was unknown. */
  boolean remove(Digest blob) throws IOException;
}
