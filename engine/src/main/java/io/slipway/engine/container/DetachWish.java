package io.slipway.engine.container;

import io.slipway.engine.model.DetachKeys;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/**
 * What a client types into a terminal, until it types the keys that let go of it. Docker's own
 * client looks for them itself and passes nothing of them on; others leave that to the daemon.
 */
final class DetachWish {
  private static final int COPY_BYTES = 64 << 10;

  private final Optional<DetachKeys> keys;

  private DetachWish(Optional<DetachKeys> keys) {
    this.keys = keys;
  }

  /**
   * Keys that a client asks for; only a terminal has some.
   *
   * @param text as docker writes them, empty for the default ones
   * @param kind what they are called in the message about wrong ones
   */
  static DetachWish of(String text, boolean terminal, String kind) {
    try {
      DetachKeys keys = DetachKeys.parse(text);
      return new DetachWish(terminal ? Optional.of(keys) : Optional.empty());
    } catch (IllegalArgumentException e) {
      throw SlipwayException.invalid("Invalid " + kind + " keys (" + text + ") provided");
    }
  }

  /**
   * Copies until the end of the input or the keys.
   *
   * @return whether it were the keys
   */
  boolean copy(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[COPY_BYTES];
    int count;
    while ((count = in.read(buffer)) > 0) {
      byte[] passed = buffer;
      if (keys.isPresent()) {
        passed = keys.get().filter(buffer, count);
        count = passed.length;
      }
      out.write(passed, 0, count);
      out.flush();
      if (keys.isPresent() && keys.get().found()) {
        return true;
      }
    }
    return false;
  }
}
