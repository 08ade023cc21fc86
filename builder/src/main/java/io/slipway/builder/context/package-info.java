/**
 * The files of a build: the context directory, the Dockerfile and the ignore file.
 *
 * <p>{@link io.slipway.builder.context.ContextSource} says where a context comes from; a directory
 * is read in place, a tar stream is unpacked once. Called by the entry of the builder, read by
 * {@code builder.op} for COPY, ADD and bind mounts. Invariants: nothing outside the context's root
 * is ever read, whatever links it contains; nothing is read that no step needs.
 */
package io.slipway.builder.context;
