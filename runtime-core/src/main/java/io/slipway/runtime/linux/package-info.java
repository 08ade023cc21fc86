/**
 * Direct Linux system calls: numbers, constants, error names and typed calls that throw {@link
 * io.slipway.runtime.linux.LinuxException}.
 *
 * <p>Main types: {@link io.slipway.runtime.linux.Fd} owns a descriptor; {@link
 * io.slipway.runtime.linux.FileCalls}, {@link io.slipway.runtime.linux.TreeCalls}, {@link
 * io.slipway.runtime.linux.XattrCalls}, {@link io.slipway.runtime.linux.MountCalls}, {@link
 * io.slipway.runtime.linux.ProcessCalls} and {@link io.slipway.runtime.linux.SocketCalls} hold the
 * calls by topic; {@link io.slipway.runtime.linux.Kernel} is the raw door below them.
 *
 * <p>Called by every other {@code runtime} package; imports none of them. Only this package and
 * {@code runtime.process} touch jnr.
 *
 * <p>Invariants: every descriptor is opened close-on-exec; native memory lives in an {@link
 * java.lang.foreign.Arena} that stays open across the call; paths are strings whose undecodable
 * bytes are kept by {@link io.slipway.runtime.linux.PathBytes}; EINTR is retried where the kernel
 * allows it.
 */
package io.slipway.runtime.linux;
