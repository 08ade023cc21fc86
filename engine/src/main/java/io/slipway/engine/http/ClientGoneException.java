package io.slipway.engine.http;

import java.io.IOException;

/** The other side of a connection went away, or sent what is no HTTP: nobody waits any more. */
final class ClientGoneException extends IOException {
  private static final long serialVersionUID = 1L;

  ClientGoneException(String message, Throwable cause) {
    super(message, cause);
  }
}
