/**
 * The Dockerfile frontend: from the parsed file and the caller's options to a graph and the image's
 * config.
 *
 * <p>{@link io.slipway.builder.frontend.Frontend} is the entry: it finds the stages ({@code
 * StageTable}), plans the needed ones ({@code StagePlanner}), instruction by instruction ({@code
 * InstructionDispatch}), and gives a {@link io.slipway.builder.frontend.BuildPlan}. {@link
 * io.slipway.builder.frontend.BuildOptions} is what a caller sets. Called by the entry of the
 * builder. Its only input/output is looking up base images ({@link
 * io.slipway.builder.frontend.BaseImages}). Invariants: the same input and images give the same
 * plan; what cannot be planned is a {@code DockerfileException} with the lines at fault.
 */
package io.slipway.builder.frontend;
