/**
 * System call filters: a profile in Docker's JSON form becomes a classic BPF program for {@code
 * seccomp(2)}.
 *
 * <p>Main types: {@link io.slipway.runtime.seccomp.SeccompProfile} is the profile as records,
 * {@link io.slipway.runtime.seccomp.SeccompProfileReader} reads it from JSON (and knows the
 * built-in default), {@link io.slipway.runtime.seccomp.SeccompCompiler} turns it into a {@link
 * io.slipway.runtime.seccomp.BpfProgram} for one set of capabilities.
 *
 * <p>Called by {@code runtime.container}, which keeps the compiled programs and installs one as the
 * last call before {@code execve}. Pure: no system call is made here.
 *
 * <p>Invariants: a program decides every 32-bit system call number of every architecture; the first
 * thing it checks is the architecture, so numbers are never read with the wrong table; x32 numbers
 * and calls newer than the profile answer ENOSYS, so that programs fall back to older calls instead
 * of failing (as runc does).
 */
package io.slipway.runtime.seccomp;
