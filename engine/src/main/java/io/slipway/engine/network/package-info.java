/**
 * The networks that exist from the start, {@code bridge}, {@code host} and {@code none}: shown by
 * the API, and given to containers. User-defined networks are refused by name.
 *
 * <p>Main types: {@link io.slipway.engine.network.NetworkService}, {@link
 * io.slipway.engine.network.NetworkRoutes}; {@link io.slipway.engine.network.AttachedContainers} is
 * what it must know of containers, which {@code engine.container} tells. Called by {@code
 * engine.container} (attach at start) and the daemon's wiring.
 */
package io.slipway.engine.network;
