/**
 * What a build tells people: {@link io.slipway.builder.progress.BuildEvent}s to a {@link
 * io.slipway.builder.progress.BuildListener}, and the listeners that turn them into text.
 *
 * <p>Emitted by the frontend, the solver, the executors and the exporters; consumed by the engine's
 * build routes and the command. Invariants: a listener is called by one thread at a time; of one
 * step the order is started, then logs and progress, then exactly one of done, failed or cancelled;
 * a cached step has one event only.
 */
package io.slipway.builder.progress;
