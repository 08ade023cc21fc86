package io.slipway.dockerfile.parse;

/** A flag's value that cannot be understood; the message is the sentence to tell. */
public final class FlagValueException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public FlagValueException(String message) {
    super(message);
  }
}
