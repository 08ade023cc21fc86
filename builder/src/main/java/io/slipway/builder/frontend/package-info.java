/**
 * The Dockerfile frontend: from the parsed file and the caller's options to a graph and the image's
 * config.
 *
 * <p>{@link io.slipway.builder.frontend.BuildOptions} is what a caller sets. Called by the entry of
 * the builder. Its only input/output is looking up base images.
 */
package io.slipway.builder.frontend;
