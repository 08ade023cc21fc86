package io.slipway.dockerfile.check;

/** Check options that cannot be understood; the message is the sentence to tell. */
public final class CheckOptionException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public CheckOptionException(String message) {
    super(message);
  }
}
