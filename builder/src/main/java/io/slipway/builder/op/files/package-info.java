/**
 * Carries out {@link io.slipway.builder.graph.FileAction}s: COPY, ADD and WORKDIR on a file tree,
 * without running anything.
 *
 * <p>Entry point: {@link io.slipway.builder.op.files.FileActionRunner}, called by {@code
 * builder.op} with the mounted target and the trees that are copied from ({@link
 * io.slipway.builder.context.SourceTree}).
 *
 * <p>Rules follow BuildKit's copy: a matched source that is a link is followed, links within a
 * copied directory are kept; destinations are resolved inside the target's root; nothing is ever
 * read or written outside the two roots, because every path is resolved by {@link
 * io.slipway.runtime.layer.Tree} and {@link io.slipway.runtime.layer.Dir}.
 */
package io.slipway.builder.op.files;
