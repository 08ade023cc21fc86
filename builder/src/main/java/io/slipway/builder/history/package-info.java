/**
 * Records of builds: what was asked for, the steps with their keys and times, why steps were not
 * cached, and the output.
 *
 * <p>{@link io.slipway.builder.history.BuildHistory} keeps the last builds in {@code
 * build/history/}: {@code ID.json} ({@link io.slipway.builder.history.BuildRecord}) and {@code
 * ID.log}. {@link io.slipway.builder.history.BuildRecorder} listens to one build. Called by the
 * entry of the builder and the engine's routes.
 *
 * <p>Invariants: a record is written when its build has ended, beside everything else; records and
 * their output are bounded, the oldest go.
 */
package io.slipway.builder.history;
