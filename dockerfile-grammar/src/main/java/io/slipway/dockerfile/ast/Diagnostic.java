package io.slipway.dockerfile.ast;

import java.util.Objects;

/**
 * Something wrong with the text. Messages are those people know from {@code docker build}.
 *
 * @param code what kind of fault, for programs and tests
 * @param message the sentence without any prefix or line number; see {@link #sentence()}
 */
public record Diagnostic(Severity severity, Code code, String message, SourceRange range) {

  /** An error means that the file cannot be built; a warning is told and the build goes on. */
  public enum Severity {
    ERROR,
    WARNING
  }

  /**
   * When the fault shows. Faults of an earlier phase anywhere in the file are told before those of
   * a later one, whatever their lines.
   */
  public enum Phase {
    /** Reading lines, directives and heredocs, splitting an instruction into words. */
    SYNTAX,
    /** Looking at each instruction: keyword, flags, number of arguments. */
    INSTRUCTION
  }

  /** The kinds of fault, each with its phase. */
  public enum Code {
    EMPTY_FILE(Phase.SYNTAX),
    NO_INSTRUCTIONS(Phase.SYNTAX),
    LINE_TOO_LONG(Phase.SYNTAX),
    DIRECTIVE_REPEATED(Phase.SYNTAX),
    DIRECTIVE_VALUE(Phase.SYNTAX),
    HEREDOC_UNTERMINATED(Phase.SYNTAX),
    WORD_SYNTAX(Phase.SYNTAX),
    JSON_SYNTAX(Phase.SYNTAX),
    ONBUILD_TRIGGER(Phase.INSTRUCTION),
    EMPTY_CONTINUATION(Phase.SYNTAX),
    UNKNOWN_INSTRUCTION(Phase.INSTRUCTION),
    NO_STAGE(Phase.INSTRUCTION),
    FLAG(Phase.INSTRUCTION),
    ARGUMENT_COUNT(Phase.INSTRUCTION),
    ARGUMENT_VALUE(Phase.INSTRUCTION);

    private final Phase phase;

    Code(Phase phase) {
      this.phase = phase;
    }

    public Phase phase() {
      return phase;
    }
  }

  public Diagnostic {
    Objects.requireNonNull(severity, "severity");
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(range, "range");
  }

  /**
   * The whole sentence as {@code docker build} words it after {@code failed to solve: }. Faults of
   * the instruction phase are prefixed {@code dockerfile parse error on line N: }, but for a
   * missing stage.
   */
  public String sentence() {
    return code.phase() == Phase.INSTRUCTION && code != Code.NO_STAGE
        ? "dockerfile parse error on line " + range.startLine() + ": " + message
        : message;
  }
}
