/**
 * Images over HTTP: list, inspect, history, tag, remove, pull, push, save, load, import.
 *
 * <p>{@link io.slipway.engine.image.ImageRoutes} is the table; one class per concern behind it:
 * {@link io.slipway.engine.image.StoredImages} (configs and sizes), {@link
 * io.slipway.engine.image.ImageViews} (what is shown), {@link
 * io.slipway.engine.image.ImageRemoval}, {@link io.slipway.engine.image.ImageTransfers}
 * (registries), {@link io.slipway.engine.image.ImageArchives} (tars). Whether a container uses an
 * image is asked through {@link io.slipway.engine.image.ImageUsers}, which {@code engine.container}
 * implements.
 *
 * <p>Invariants: an image's id is the digest of its config; what an operation works on is pinned by
 * one lease; a removal that a container forbids changes nothing.
 */
package io.slipway.engine.image;
