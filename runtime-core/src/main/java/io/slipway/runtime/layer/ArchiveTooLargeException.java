package io.slipway.runtime.layer;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;

/** An archive holds more bytes than {@link ApplyOptions#maxBytes}. */
public final class ArchiveTooLargeException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  ArchiveTooLargeException(long maxBytes) {
    super(ErrorKind.INVALID, "archive holds more than " + maxBytes + " bytes of files");
  }
}
