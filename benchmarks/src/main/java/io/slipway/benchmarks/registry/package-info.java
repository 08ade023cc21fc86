/**
 * The registry beside Debian's docker-registry and nginx, in one run: {@link
 * io.slipway.benchmarks.registry.RegistryBenchmark} starts all of them on loopback, gives them the
 * same work in turns, and prints medians and ratios. Run by {@code benchmarks/registry/run}.
 *
 * <p>Ratios are taken within a round, since other load on the machine changes from round to round;
 * processor time of the server process is the figure that such load disturbs least.
 */
package io.slipway.benchmarks.registry;
