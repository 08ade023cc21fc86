/**
 * The files of a build: the context directory, the Dockerfile and the ignore file.
 *
 * <p>{@link io.slipway.builder.context.BuildContexts} opens a {@link
 * io.slipway.builder.context.ContextSource} as a {@link io.slipway.builder.context.BuildContext}: a
 * directory is read in place, a tar stream is unpacked once; what it has in common with a context
 * that was sent earlier is not written again. Files are read through a {@link
 * io.slipway.builder.context.SourceTree}, also those of stages: {@link
 * io.slipway.builder.context.SourceMatches} finds what a COPY names, {@link
 * io.slipway.builder.context.SourceWalk} shows what is in a directory, {@link
 * io.slipway.builder.context.ContentDigests} takes the digest that stands for it in a cache key.
 * Called by the entry of the builder, read by {@code builder.op} for COPY, ADD and bind mounts.
 *
 * <p>On disk, in a folder of the data root:
 *
 * <pre>
 * files.digests     digests of files read in place, by device, inode, size and times; may be lost
 * unpacked/UUID/    a sent context, until its build is closed; removed at the next start
 * kept/UUID/        one of a build that has ended, a store of files for the next: files/ with all
 *                   it had, and about, written last and modified at its last use
 * </pre>
 *
 * <p>Invariants: nothing outside the context's root is ever read or written, whatever links and
 * names it holds; nothing is read that no step needs, and an unchanged file is not read again;
 * files that the ignore rules leave out do not exist for any step.
 */
package io.slipway.builder.context;
