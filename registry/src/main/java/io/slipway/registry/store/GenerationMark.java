package io.slipway.registry.store;

import java.util.Optional;

/**
 * Which blobs the metadata speaks of: a text that is also kept beside them, so that metadata that
 * was lost, or is another's, is told from metadata that merely knows little.
 */
public interface GenerationMark {

  /** Empty in metadata that was just made. */
  Optional<String> read();

  /** Durable when this returns. */
  void write(String generation);
}
