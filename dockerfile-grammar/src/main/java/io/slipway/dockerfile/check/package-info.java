/**
 * Build checks: advice about a Dockerfile that builds.
 *
 * <p>Main types: {@link io.slipway.dockerfile.check.CheckRule} (all rules as one table, with what
 * people read), {@link io.slipway.dockerfile.check.DockerfileChecks} (runs those that need nothing
 * but the syntax tree), {@link io.slipway.dockerfile.check.CheckOptions} (which rules are wanted),
 * {@link io.slipway.dockerfile.check.CheckWarning}.
 *
 * <p>Called by the builder's frontend, which adds the warnings of the rules that need base images,
 * values of variables or the ignore file. Invariants: a check never changes what is built; same
 * file and options, same warnings in the same order.
 */
package io.slipway.dockerfile.check;
