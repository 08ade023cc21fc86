/**
 * Small tools for doing things at the same time on virtual threads.
 *
 * <p>{@link io.slipway.image.task.FanOut}: many tasks, a bound, the first failure stops the rest.
 * {@link io.slipway.image.task.SingleFlight}: equal work in flight runs once. {@link
 * io.slipway.image.task.KeyedLock}: one holder per key. Used by Puller, Pusher, the builder's
 * solver and the stores.
 */
package io.slipway.image.task;
