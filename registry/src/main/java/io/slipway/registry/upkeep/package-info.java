/**
 * What a registry does with its data beside serving it: collection of garbage, scrubbing, checks
 * and repairs, retention, import. Each is a class that works on a {@link
 * io.slipway.registry.store.RegistryStore} while requests are served, or on one that nobody serves.
 *
 * <p>{@link io.slipway.registry.upkeep.GarbageCollection} frees what nothing needs; {@link
 * io.slipway.registry.upkeep.Scrub} reads what is stored; {@link io.slipway.registry.upkeep.Fsck}
 * compares blobs and metadata, {@link io.slipway.registry.upkeep.Rebuild} makes that anew; {@link
 * io.slipway.registry.upkeep.DistributionTree} and {@link
 * io.slipway.registry.upkeep.OciLayoutFolder} are imported from. {@code registry.admin} runs these
 * tasks on request, the server by itself from time to time.
 *
 * <p>Invariants: nothing here keeps a request waiting longer than one small transaction or one
 * rename; all of it may be killed at any moment and done again; all work on content goes through
 * {@link io.slipway.registry.store.ContentGuard}.
 */
package io.slipway.registry.upkeep;
