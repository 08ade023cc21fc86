package io.slipway.cli.command;

import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;

/** One command of the command line. */
interface Command {
  /**
   * Adds the options and parameters; usage texts are docker's where docker has the option. As it is
   * here: no options, and words if {@link #arguments} has some.
   */
  default void describe(CommandSpec spec) {
    new Options(spec).words();
  }

  /** What follows the command's name in its usage line, such as {@code [OPTIONS] IMAGE}. */
  default String arguments() {
    return "";
  }

  /** Runs it; the result is the exit code. */
  int run(Invocation call) throws IOException, InterruptedException;
}
