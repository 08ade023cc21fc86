/**
 * Scheduling: which vertices have to be carried out, when, and which results are there already.
 *
 * <p>{@link io.slipway.builder.solver.Solver} solves graphs, several at once, equal steps together.
 * It asks an {@link io.slipway.builder.solver.OpRunner} to carry operations out and a {@code
 * CacheIndex} for what is known. Called by the entry of the builder; {@code builder.op} implements
 * the runner.
 *
 * <p>How a result is found: its key is made of the operation's identity and the keys of its inputs,
 * without running anything. If the operation reads files of an input (COPY, ADD, bind mounts) and
 * that key is new, the content that it reads stands for the input's key and the lookup is made
 * again, so only such inputs are run before the lookup. Invariants: demand-driven, nothing runs
 * that no missing result needs; of one key at most one run is in flight; after a failure or cancel
 * every thread of the build has ended before the call returns.
 */
package io.slipway.builder.solver;
