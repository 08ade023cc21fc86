/**
 * What is made of a built file tree: an image in the catalog, a directory, a tar.
 *
 * <p>{@link io.slipway.builder.export.BuildOutput} says what is asked for; {@link
 * io.slipway.builder.export.ImageExporter} and {@link io.slipway.builder.export.TreeExporter} make
 * it. Called by the entry of the builder once the graph is solved. Invariants: the same tree,
 * config and times give the same bytes on every machine; an image whose layers are known is
 * exported without reading a file of it.
 */
package io.slipway.builder.export;
