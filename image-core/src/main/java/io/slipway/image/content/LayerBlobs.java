package io.slipway.image.content;

import io.slipway.image.model.Compression;
import io.slipway.image.model.Descriptor;
import java.io.IOException;
import java.io.InputStream;

/**
 * Where Pusher and archive writers get the content of layers. The runtime implements it: from a
 * known blob of the DiffID, else from the snapshot.
 */
public interface LayerBlobs {
  /**
   * A blob of {@code layer} in the blob store, pinned by {@code lease}: one that is known (whatever
   * its compression), else one made now by packing the snapshot with {@code preferred} compression.
   * NOT_FOUND when there is neither a blob nor a snapshot.
   */
  Descriptor blob(Layer layer, Compression preferred, Lease lease) throws IOException;

  /** The uncompressed tar of {@code layer}, whose digest is its DiffID. */
  InputStream tar(Layer layer, Lease lease) throws IOException;
}
