package io.slipway.runtime.linux;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;

/**
 * Raw system calls. Arguments are numbers and native addresses; whoever passes an address keeps the
 * memory alive until the call is back (an open {@link java.lang.foreign.Arena}).
 */
public final class Kernel {
  private static final LibC LIBC = LibraryLoader.create(LibC.class).load("c");
  private static final Runtime RUNTIME = Runtime.getRuntime(LIBC);
  private static final Arch ARCH = Arch.current();

  private Kernel() {}

  /** Makes the call; a failure becomes a {@link LinuxException} that names {@code argument}. */
  public static long call(SystemCall call, String argument, long... args) throws LinuxException {
    long result = tryCall(call, args);
    if (result < 0) {
      throw new LinuxException(call.label(), argument, Errno.of((int) -result));
    }
    return result;
  }

  /** Makes the call; a failure comes back as the negative error number, as the kernel gives it. */
  public static long tryCall(SystemCall call, long... args) {
    long result =
        LIBC.syscall(
            call.number(ARCH),
            at(args, 0),
            at(args, 1),
            at(args, 2),
            at(args, 3),
            at(args, 4),
            at(args, 5));
    return result == -1 ? -RUNTIME.getLastError() : result;
  }

  private static long at(long[] args, int index) {
    return index < args.length ? args[index] : 0;
  }
}
