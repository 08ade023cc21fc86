package io.slipway.cli.command;

import io.slipway.cli.client.EngineException;
import java.io.IOException;

/** Does something to each name of the command line; one that fails does not stop the others. */
record EachName(Invocation call) {
  /** What is done to a name. */
  @FunctionalInterface
  interface Action {
    void on(String name) throws IOException;
  }

  static EachName of(Invocation call) {
    return new EachName(call);
  }

  /** The exit code: 0 if all went well. */
  int run(Action action) throws IOException {
    int exitCode = 0;
    for (String name : call.someArguments()) {
      try {
        action.on(name);
      } catch (EngineException e) {
        call.console().flush();
        call.console().err().println("Error response from daemon: " + e.getMessage());
        exitCode = 1;
      } catch (CommandFailure e) {
        call.console().flush();
        call.console().err().println(e.getMessage());
        exitCode = e.exitCode();
      }
    }
    return exitCode;
  }
}
