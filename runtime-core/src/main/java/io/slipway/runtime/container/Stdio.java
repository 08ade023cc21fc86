package io.slipway.runtime.container;

import static io.slipway.runtime.process.Arg.handle;
import static io.slipway.runtime.process.Arg.number;

import io.slipway.runtime.linux.SystemCall;
import io.slipway.runtime.process.ProgramBuilder;

/** The session and the standard streams of a new process. */
final class Stdio {
  private static final long TIOCSCTTY = 0x540E;

  private Stdio() {}

  static void add(ProgramBuilder program, boolean terminal) {
    program.section("session and streams");
    program.call("new session", SystemCall.SETSID);
    String[] names = {StartFacts.STDIN, StartFacts.STDOUT, StartFacts.STDERR};
    for (int i = 0; i < names.length; i++) {
      program.call("set " + names[i], SystemCall.DUP3, handle(names[i]), number(i), number(0));
    }
    if (terminal) {
      program.call(
          "set controlling terminal", SystemCall.IOCTL, number(0), number(TIOCSCTTY), number(0));
    }
  }
}
