/**
 * What the caller of a build lends it while it runs: secrets and SSH agents.
 *
 * <p>{@link io.slipway.builder.session.CallerSecrets} is all there is. Made by the entry of the
 * daemon, read by {@code builder.op} when a step needs one. Invariants: values are in memory only;
 * nothing here has a text form that shows them.
 */
package io.slipway.builder.session;
