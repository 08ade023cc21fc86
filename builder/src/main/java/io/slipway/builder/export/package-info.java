/**
 * What is made of a built file tree: an image in the catalog, a directory, a tar.
 *
 * <p>{@link io.slipway.builder.export.BuildOutput} says what is asked for. Called by the entry of
 * the builder once the graph is solved. Invariant: the same tree, config and times give the same
 * bytes on every machine.
 */
package io.slipway.builder.export;
