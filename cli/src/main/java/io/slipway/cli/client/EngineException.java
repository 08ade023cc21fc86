package io.slipway.cli.client;

/** The daemon refused a request. The message is the daemon's own. */
public final class EngineException extends RuntimeException {
  private final int status;

  EngineException(int status, String message) {
    super(message);
    this.status = status;
  }

  /** A failure that is told as the daemon's although no status came. */
  public static EngineException of(String message) {
    return new EngineException(500, message);
  }

  /** The HTTP status, such as 404 for an image that is not there. */
  public int status() {
    return status;
  }
}
