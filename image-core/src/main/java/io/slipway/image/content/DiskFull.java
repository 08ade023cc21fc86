package io.slipway.image.content;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Tells a full disk or quota from other I/O failures, which the JDK does by text only. */
public final class DiskFull {
  private static final List<String> TEXTS =
      List.of("No space left on device", "Disk quota exceeded");

  private DiskFull() {}

  /**
   * Throws NO_SPACE when {@code e} says that the disk is full, else returns it for the caller to
   * throw. {@code step} says what was being done, as in {@code write blob sha256:...}.
   */
  public static IOException orSame(IOException e, String step) {
    String message = String.valueOf(e.getMessage());
    for (String text : TEXTS) {
      if (message.contains(text)) {
        throw new SlipwayException(
            ErrorKind.NO_SPACE, step + ": " + text.toLowerCase(Locale.ROOT), e);
      }
    }
    return e;
  }
}
