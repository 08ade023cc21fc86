package io.slipway.runtime.container;

import java.util.OptionalInt;

/**
 * How a process ended.
 *
 * @param code what Docker reports: the exit code, or 128 plus the signal
 * @param signal the signal that ended it
 * @param oomKilled whether the kernel killed a process of the container for lack of memory
 */
public record ExitStatus(int code, OptionalInt signal, boolean oomKilled) {

  public static ExitStatus exited(int code) {
    return new ExitStatus(code, OptionalInt.empty(), false);
  }

  public static ExitStatus signaled(int signal) {
    return new ExitStatus(128 + signal, OptionalInt.of(signal), false);
  }

  public ExitStatus withOomKilled(boolean killed) {
    return new ExitStatus(code, signal, killed);
  }

  public boolean succeeded() {
    return code == 0;
  }
}
