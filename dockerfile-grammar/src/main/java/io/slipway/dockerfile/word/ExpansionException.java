package io.slipway.dockerfile.word;

/** A word that cannot be expanded: the message names the word and the fault. */
public final class ExpansionException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public ExpansionException(String message) {
    super(message);
  }
}
