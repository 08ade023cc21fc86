package io.slipway.builder.error;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.util.Objects;
import java.util.Optional;

/**
 * A RUN whose command ended with another status than 0. Where the step's files were kept, it names
 * them.
 */
public final class StepFailedException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  private final String command;
  private final int exitCode;
  private final String logTail;
  private final transient Optional<SourceExcerpt> excerpt;
  private final transient Optional<String> kept;

  /**
   * @param command the arguments joined by blanks, as {@code /bin/sh -c exit 7}
   * @param exitCode as a shell would give it: 128 plus the signal for a killed command
   * @param logTail the last lines it printed
   */
  public StepFailedException(
      String command, int exitCode, String logTail, Optional<SourceExcerpt> excerpt) {
    this(command, exitCode, logTail, excerpt, Optional.empty());
  }

  private StepFailedException(
      String command,
      int exitCode,
      String logTail,
      Optional<SourceExcerpt> excerpt,
      Optional<String> kept) {
    super(
        ErrorKind.INVALID,
        "process \"" + command + "\" did not complete successfully: exit code: " + exitCode);
    this.command = Objects.requireNonNull(command, "command");
    this.exitCode = exitCode;
    this.logTail = Objects.requireNonNull(logTail, "logTail");
    this.excerpt = Objects.requireNonNull(excerpt, "excerpt");
    this.kept = Objects.requireNonNull(kept, "kept");
  }

  /** The same failure of a step that can be entered under this id. */
  public StepFailedException keptAs(String id) {
    var named = new StepFailedException(command, exitCode, logTail, excerpt, Optional.of(id));
    named.setStackTrace(getStackTrace());
    return named;
  }

  /** The id of what was kept of the step; empty if nothing was. */
  public Optional<String> kept() {
    return kept;
  }

  /** The arguments joined by blanks. */
  public String command() {
    return command;
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
