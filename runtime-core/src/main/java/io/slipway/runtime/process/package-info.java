/**
 * Making processes without fork: a list of system calls run by a few bytes of machine code in a
 * {@code clone3} child, and what a parent needs afterwards (wait, terminal, stream copying).
 *
 * <p>Called by {@code runtime.container} only.
 */
package io.slipway.runtime.process;
