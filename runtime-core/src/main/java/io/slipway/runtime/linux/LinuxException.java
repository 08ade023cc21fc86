package io.slipway.runtime.linux;

import java.io.IOException;

/** A system call that failed: which call, on what, and the kernel's reason. */
public final class LinuxException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String call;
  private final String argument;
  private final Errno errno;

  /**
   * @param call the call's name: {@code mount}
   * @param argument what it was made on, empty if there is nothing to name
   */
  public LinuxException(String call, String argument, Errno errno) {
    super(call + (argument.isEmpty() ? "" : " " + argument) + ": " + errno.sentence());
    this.call = call;
    this.argument = argument;
    this.errno = errno;
  }

  public String call() {
    return call;
  }

  public String argument() {
    return argument;
  }

  public Errno errno() {
    return errno;
  }

  public boolean is(Errno other) {
    return errno == other;
  }
}
