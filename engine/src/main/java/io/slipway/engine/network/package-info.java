/**
 * The networks of a daemon: {@code bridge}, {@code host} and {@code none}, which exist from the
 * start, and the bridges people make, which are kept on disk and set up again by the next daemon.
 *
 * <pre>
 * networks/ID/network.json   {@link io.slipway.engine.state.NetworkRecord}
 * </pre>
 *
 * <p>Main types: {@link io.slipway.engine.network.NetworkService}, {@link
 * io.slipway.engine.network.NetworkRoutes}; {@link io.slipway.engine.network.AttachedContainers} is
 * what it must know of containers, which {@code engine.container} tells; {@code NetworkPlan}
 * chooses addresses. Called by {@code engine.container} and the daemon's wiring. Invariant: a
 * network with a running container on it is not removed.
 */
package io.slipway.engine.network;
