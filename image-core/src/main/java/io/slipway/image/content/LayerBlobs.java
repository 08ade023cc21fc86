package io.slipway.image.content;

import io.slipway.image.model.Compression;
import io.slipway.image.model.Descriptor;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Where Pusher and archive writers get the content of layers. The runtime implements it: from a
 * known blob of the DiffID, else from the snapshot.
 */
public interface LayerBlobs {
  /**
   * A blob of {@code layer} in the blob store, pinned by {@code lease}: one that is known and
   * compressed in any way (or not at all, if {@code preferred} says so), else one made now with
   * {@code preferred} compression. NOT_FOUND when there is neither a blob nor a snapshot.
   */
  Descriptor blob(Layer layer, Compression preferred, Lease lease) throws IOException;

  /** As {@link #blob}, with more said about how. */
  default Descriptor packed(Layer layer, LayerPacking packing, Lease lease) throws IOException {
    return blob(layer, packing.compression(), lease);
  }

  /** Number of bytes {@link #copyTar} writes; NOT_FOUND as for {@link #blob}. */
  long tarSize(Layer layer, Lease lease) throws IOException;

  /**
   * Writes the uncompressed tar of {@code layer} and makes sure that its digest is the DiffID; when
   * it is not, all bytes may have been written before the failure.
   */
  void copyTar(Layer layer, OutputStream target, Lease lease) throws IOException;
}
