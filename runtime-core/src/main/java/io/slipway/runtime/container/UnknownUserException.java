package io.slipway.runtime.container;

/** The user or group that a program should run as is not in the image's files. */
public final class UnknownUserException extends ContainerStartException {
  private static final long serialVersionUID = 1L;

  UnknownUserException(String message) {
    super(126, message, null);
  }
}
