package io.slipway.builder.error;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.util.Objects;
import java.util.Optional;

/** A RUN whose command ended with another status than 0. */
public final class StepFailedException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  private final String command;
  private final int exitCode;
  private final String logTail;
  private final transient Optional<SourceExcerpt> excerpt;

  /**
   * @param command the arguments joined by blanks, as {@code /bin/sh -c exit 7}
   * @param exitCode as a shell would give it: 128 plus the signal for a killed command
   * @param logTail the last lines it printed
   */
  public StepFailedException(
      String command, int exitCode, String logTail, Optional<SourceExcerpt> excerpt) {
    super(
        ErrorKind.INVALID,
        "process \"" + command + "\" did not complete successfully: exit code: " + exitCode);
    this.command = Objects.requireNonNull(command, "command");
    this.exitCode = exitCode;
    this.logTail = Objects.requireNonNull(logTail, "logTail");
    this.excerpt = Objects.requireNonNull(excerpt, "excerpt");
  }

  public int exitCode() {
    return exitCode;
  }

  public String logTail() {
    return logTail;
  }

  public Optional<SourceExcerpt> excerpt() {
    return excerpt;
  }

  /** The sentence of the classic builder. */
  public String classicMessage() {
    return "The command '" + command + "' returned a non-zero code: " + exitCode;
  }
}
