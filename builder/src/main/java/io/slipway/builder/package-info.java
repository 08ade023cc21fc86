/**
 * Building images: the entry that the engine and the command call.
 *
 * <p>Main types: {@link io.slipway.builder.Builder} (opens builds), {@link
 * io.slipway.builder.BuildRequest} (what is asked for), {@link io.slipway.builder.Build} (one
 * build, read and checked, ready to run once), {@link io.slipway.builder.BuildResult}.
 *
 * <p>A build in order: read the context and the Dockerfile ({@code builder.context}), turn it into
 * a graph ({@code builder.frontend}, {@code builder.graph}), solve the graph ({@code
 * builder.solver}, {@code builder.cache}, {@code builder.op}), export ({@code builder.export}).
 * People are told through {@code builder.progress} only. Invariants: a build that ends, however it
 * ends, leaves neither container, mount nor temporary file; what a finished step made stays in the
 * cache.
 */
package io.slipway.builder;
