package io.slipway.cli.command;

import io.slipway.cli.client.EngineException;
import java.io.IOException;
import java.util.List;

/**
 * The exit codes of a container that could not be started: docker reads them out of the daemon's
 * sentence. 127 for a program that is not there, 126 for one that cannot be executed, else 125.
 */
final class NotStarted {
  private static final List<String> NOT_FOUND =
      List.of("executable file not found", "no such file or directory", "system cannot find");
  private static final List<String> NOT_EXECUTABLE =
      List.of("permission denied", "is a directory", "not a directory");

  private NotStarted() {}

  /** A request that may be refused. */
  @FunctionalInterface
  interface Request<T> {
    T send() throws IOException;
  }

  static <T> T guard(Request<T> request) throws IOException {
    try {
      return request.send();
    } catch (EngineException e) {
      throw because("Error response from daemon: " + e.getMessage());
    }
  }

  /** The end of a command whose container could not be started for this reason. */
  static CommandFailure because(String reason) {
    return new CommandFailure(
        exitCode(reason),
        "slipway: " + reason + "\n\nRun 'slipway run --help' for more information");
  }

  static int exitCode(String message) {
    if (NOT_FOUND.stream().anyMatch(message::contains)) {
      return 127;
    }
    return NOT_EXECUTABLE.stream().anyMatch(message::contains) ? 126 : 125;
  }
}
