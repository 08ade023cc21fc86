package io.slipway.runtime.container;

import java.io.IOException;

/** The container or exec could not run its program; nothing of it is left. */
public sealed class ContainerStartException extends IOException permits UnknownUserException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  /**
   * @param exitCode what Docker reports: 127 program not found, 126 not executable, 128 for the
   *     rest
   */
  public ContainerStartException(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  public int exitCode() {
    return exitCode;
  }
}
