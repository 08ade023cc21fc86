package io.slipway.runtime.container;

import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.SystemCall;
import io.slipway.runtime.process.ProgramFailedException;
import io.slipway.runtime.process.ProgramFailedException.Refused;
import io.slipway.runtime.spec.ProcessSpec;
import io.slipway.runtime.spec.Resources;
import java.util.Optional;
import java.util.OptionalLong;

/** Says in runc's words why a program could not be started, with Docker's exit codes. */
final class StartErrors {
  private static final int NOT_EXECUTABLE = 126;
  private static final int NOT_FOUND = 127;
  private static final int OTHER = 128;

  private StartErrors() {}

  static ContainerStartException explain(
      ProgramFailedException failure, ProcessSpec process, Resources resources) {
    Refused fatal = failure.fatal();
    String step = fatal.step();
    if (step.equals(ProcessSteps.NOT_FOUND_STEP)) {
      return notFound(failure, process.args().getFirst());
    }
    if (step.startsWith(ProcessSteps.EXEC_STEP)) {
      return error(NOT_EXECUTABLE, step + ": " + fatal.errno().sentence(), failure);
    }
    if (step.equals(ProcessSteps.CWD_STEP)) {
      String text = "chdir to cwd (\"%s\") failed: %s";
      return error(
          NOT_EXECUTABLE, text.formatted(process.cwd(), fatal.errno().sentence()), failure);
    }
    OptionalLong limit = resources.memory().limitBytes();
    // A tmpfs that may not have another page says "no space".
    boolean memory = fatal.errno() == Errno.ENOMEM || fatal.errno() == Errno.ENOSPC;
    if (memory && limit.isPresent()) {
      String text = "%s: cannot allocate memory (a memory limit of %d bytes is too low to start)";
      return error(OTHER, text.formatted(step, limit.getAsLong()), failure);
    }
    return error(OTHER, step + ": " + fatal.errno().sentence(), failure);
  }

  private static ContainerStartException notFound(ProgramFailedException failure, String program) {
    if (program.indexOf('/') < 0) {
      return error(
          NOT_FOUND,
          "exec: \"%s\": executable file not found in $PATH".formatted(program),
          failure);
    }
    Optional<Refused> refused =
        failure.refused().stream()
            .filter(r -> r.step().startsWith(ProcessSteps.SEARCH_STEP))
            .findFirst();
    if (refused.isEmpty()) {
      return error(NOT_EXECUTABLE, "exec: \"%s\": is a directory".formatted(program), failure);
    }
    String reason = refused.get().errno().sentence();
    boolean missing = refused.get().call() == SystemCall.OPENAT2;
    boolean absent = refused.get().errno() == Errno.ENOENT;
    return error(
        absent ? NOT_FOUND : NOT_EXECUTABLE,
        missing && refused.get().errno() != Errno.EACCES
            ? "exec: \"%s\": stat %s: %s".formatted(program, program, reason)
            : "exec: \"%s\": %s".formatted(program, reason),
        failure);
  }

  private static ContainerStartException error(int code, String message, Throwable cause) {
    return new ContainerStartException(code, message, cause);
  }
}
