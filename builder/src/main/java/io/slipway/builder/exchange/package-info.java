/**
 * The build cache on its way between machines: in a registry, in a directory, inside an image.
 *
 * <p>{@link io.slipway.builder.exchange.CacheTransfer} says what is asked for; {@link
 * io.slipway.builder.exchange.CacheExporter} writes what a build knows, {@link
 * io.slipway.builder.exchange.CacheImports} makes it known to a build and brings results when they
 * are wanted. A {@link io.slipway.builder.exchange.CacheStore} is where it is kept: an image
 * manifest whose config is a {@link io.slipway.builder.exchange.CacheDocument} and whose layers are
 * those of the results, so any registry keeps it.
 *
 * <p>Invariants: what is imported is only found by keys that would give the same result here; a
 * cache that cannot be read or written costs time, and is told as a warning, but fails no build
 * unless that is asked for.
 */
package io.slipway.builder.exchange;
