/**
 * Bytes that an image carries for nothing: files that a step put into it again only for another
 * mode or owner, and files that a later step deleted.
 *
 * <p>{@link io.slipway.builder.waste.WasteReport} looks at the layers that a build's steps made and
 * turns what it finds into warnings. Each layer is looked at once ({@link
 * io.slipway.builder.waste.LayerWaste}); what was found is kept in the cache index. Called by the
 * entry of the builder, beside the export.
 *
 * <p>Invariants: layers of base images are not blamed; nothing is told below {@link
 * io.slipway.builder.waste.WasteReport#LEAST_BYTES}.
 */
package io.slipway.builder.waste;
