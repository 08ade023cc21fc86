package io.slipway.runtime.layer;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;

/** System calls on files do not notice an interrupt, so long loops of them ask. */
final class Cancellation {
  private Cancellation() {}

  /** {@code CANCELLED} if this thread was interrupted; it stays so. */
  static void check(String work) {
    if (Thread.currentThread().isInterrupted()) {
      throw new SlipwayException(ErrorKind.CANCELLED, work + " was cancelled");
    }
  }
}
