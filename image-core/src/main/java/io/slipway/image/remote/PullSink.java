package io.slipway.image.remote;

import io.slipway.image.codec.VerifiedInputStream;
import io.slipway.image.content.Layer;
import java.io.IOException;

/**
 * Takes the layers of a pulled image: the snapshotter behind it. Called by one thread at a time,
 * base layer first.
 */
public interface PullSink {
  /** A sink that keeps blobs only; every layer counts as new. */
  PullSink BLOBS_ONLY =
      new PullSink() {
        @Override
        public boolean has(Layer layer) {
          return false;
        }

        @Override
        public void unpack(Layer layer, VerifiedInputStream tar) throws IOException {
          tar.verify();
        }
      };

  /** Whether the layer is unpacked already, so that it need not be fetched. */
  boolean has(Layer layer) throws IOException;

  /**
   * Unpacks one layer onto its parent. {@code tar} is the uncompressed tar; call {@link
   * VerifiedInputStream#verify} before making the result visible: it reads what is left and throws
   * when the content is not the layer's DiffID.
   */
  void unpack(Layer layer, VerifiedInputStream tar) throws IOException;
}
