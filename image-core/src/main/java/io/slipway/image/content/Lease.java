package io.slipway.image.content;

import io.slipway.image.model.ChainId;
import io.slipway.image.model.Digest;

/**
 * Keeps content from collection while an operation uses it. Passed explicitly from the operation
 * that opened it. Pin first, then look whether the content is there: a pin waits for a removal of
 * the same content that has begun.
 */
public interface Lease extends AutoCloseable {
  /** Pins a blob until the lease is closed; the blob need not exist yet. */
  void pin(Digest blob);

  /** Pins a committed snapshot, and with it those below it. */
  void pin(ChainId snapshot);

  /** Releases all pins; may be called twice. */
  @Override
  void close();
}
