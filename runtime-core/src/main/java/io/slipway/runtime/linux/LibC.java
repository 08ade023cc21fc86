package io.slipway.runtime.linux;

/**
 * The one C function Slipway binds: {@code syscall(2)}. Public because jnr-ffi generates the
 * implementation; everything else goes through {@link Kernel} and the typed calls.
 */
public interface LibC {
  /** glibc's {@code syscall}: minus one and {@code errno} on failure. */
  long syscall(long number, long a0, long a1, long a2, long a3, long a4, long a5);
}
