/**
 * How long containers take: start to exit, exec, clean-up. Plain programs with a {@code main}, as
 * they need root and a file system, which a JMH fork should not.
 *
 * <p>Main type: {@link io.slipway.benchmarks.container.ContainerStart}. Called by hand.
 *
 * <p>Invariants: cgroups and files it makes carry its process number or lie in the folder it is
 * given, and are removed.
 */
package io.slipway.benchmarks.container;
