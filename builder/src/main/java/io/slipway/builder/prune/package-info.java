/**
 * What the build cache takes on disk, and making it smaller.
 *
 * <p>{@link io.slipway.builder.prune.BuildCache} lists what there is ({@link
 * io.slipway.builder.prune.CachedItem}: results of steps, cache mounts) and removes what was not of
 * use for longest ({@link io.slipway.builder.prune.PruneRequest}). Called by the engine's routes
 * and by the builder itself when a limit is exceeded.
 *
 * <p>Invariants: a result that an image, a container or a running build stands on is never removed;
 * nothing waits for a prune but the removal of the same result.
 */
package io.slipway.builder.prune;
