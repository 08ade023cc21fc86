package io.slipway.engine.http;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;

/** A client that predates JSON errors: its answer is plain text. */
final class ClientTooOldException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  ClientTooOldException(ApiVersion version) {
    super(
        ErrorKind.INVALID,
        "client version "
            + version
            + " is too old. Minimum supported API version is "
            + ApiVersion.MIN
            + ", please upgrade your client to a newer version");
  }
}
