/**
 * Making processes without fork: a list of system calls, run by a few bytes of machine code in a
 * {@code clone3} child that shares the JVM's memory until it execs. And what a parent needs
 * afterwards: waiting, terminals, copying of streams.
 *
 * <p>Main types: {@link io.slipway.runtime.process.ProgramBuilder} writes a {@link
 * io.slipway.runtime.process.SyscallProgram} (plain data, prints as text); {@link
 * io.slipway.runtime.process.ProcessPrograms} is the frame around the clone; {@link
 * io.slipway.runtime.process.ProcessLauncher} lays a program out in native memory and runs it;
 * {@link io.slipway.runtime.process.PidFdReaper} waits; {@link io.slipway.runtime.process.Pty},
 * {@link io.slipway.runtime.process.ProcessInput} and {@link io.slipway.runtime.process.OutputPump}
 * are the streams; {@link io.slipway.runtime.process.DescriptorKeeper} keeps what the next daemon
 * needs.
 *
 * <p>Called by {@code runtime.container} and {@code runtime.bundle}.
 *
 * <p>Invariants: {@code CLONE_VM} never without {@code CLONE_VFORK} (without it a memory limit on
 * the child made the kernel kill the JVM); the memory of a program stays open until the run is
 * back; all signals are blocked from before the clone until just before the child's exec; no Java
 * code runs while a thread is set to another pid namespace; whatever blocks in the kernel does so
 * on a platform thread.
 */
package io.slipway.runtime.process;
