package io.slipway.cli.command;

/** The command line is not one that the command understands. */
final class UsageException extends RuntimeException {
  UsageException(String message) {
    super(message);
  }
}
