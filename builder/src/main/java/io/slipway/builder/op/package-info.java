/**
 * Carrying operations out: one class per kind of operation.
 *
 * <p>{@link io.slipway.builder.op.StepRunner} is what {@code builder.solver} calls; it hands each
 * vertex to the class that knows its operation. Steps make snapshots named after their cache keys
 * ({@link io.slipway.builder.op.StepSnapshots}), so a result is there if and only if its snapshot
 * is. RUN steps go through {@code runtime.container}, COPY and ADD write through a mount of the
 * snapshot with {@code runtime.layer}'s primitives.
 *
 * <p>A RUN whose command fails is kept by {@link io.slipway.builder.op.FailedSteps}, the last few
 * of them, and can be entered: {@link io.slipway.builder.op.StepShell}.
 *
 * <p>Invariants: a step that fails or is interrupted leaves neither snapshot, container nor mount,
 * but for the tree of a failed command; no path of an image or context is walked by name in the
 * daemon's own root.
 */
package io.slipway.builder.op;
