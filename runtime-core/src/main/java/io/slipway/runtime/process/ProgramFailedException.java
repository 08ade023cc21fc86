package io.slipway.runtime.process;

import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.SystemCall;
import java.io.IOException;
import java.util.List;

/** A program of system calls that did not get to its own program; no process is left of it. */
public final class ProgramFailedException extends IOException {
  private static final long serialVersionUID = 1L;

  /** A call the kernel refused. */
  public record Refused(String step, SystemCall call, Errno errno)
      implements java.io.Serializable {}

  private final transient List<Refused> refused;
  private final transient Refused fatal;

  ProgramFailedException(Refused fatal, List<Refused> refused) {
    super(fatal.step() + ": " + fatal.call().label() + ": " + fatal.errno().sentence());
    this.fatal = fatal;
    this.refused = List.copyOf(refused);
  }

  /** The call that ended the program. */
  public Refused fatal() {
    return fatal;
  }

  /** Every call that was refused, in order, also those that were allowed to be. */
  public List<Refused> refused() {
    return refused;
  }
}
