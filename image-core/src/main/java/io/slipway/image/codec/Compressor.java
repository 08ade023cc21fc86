package io.slipway.image.codec;

import io.slipway.image.model.Compression;
import java.io.IOException;
import java.io.OutputStream;

/** Makes compressed streams. Implementations are stateless and safe for threads. */
public interface Compressor {
  /** What the output is. */
  Compression compression();

  /** Names compressor and level for cache keys, for example {@code deflate-6}. */
  String label();

  /**
   * A stream that compresses what is written into {@code target}. Closing it completes the output
   * and closes {@code target}.
   */
  OutputStream open(OutputStream target) throws IOException;
}
