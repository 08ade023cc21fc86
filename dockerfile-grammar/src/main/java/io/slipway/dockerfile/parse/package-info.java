/**
 * Text to {@code dockerfile.ast}: directives, logical lines, heredocs, words, and the checks that
 * need one instruction only.
 *
 * <p>Main types: {@link io.slipway.dockerfile.parse.DockerfileParser} (the entry), {@link
 * io.slipway.dockerfile.parse.SyntaxDirective} (which frontend a file asks for), {@link
 * io.slipway.dockerfile.parse.RunMount} and {@link io.slipway.dockerfile.parse.HealthcheckTiming}
 * (typed views of flags).
 *
 * <p>Called by the builder's frontend, the engine's build route and the tests. Invariants: no
 * input/output; a parse never throws for any input, faults are diagnostics with the sentences that
 * {@code docker build} uses; time is linear in the length of the text.
 */
package io.slipway.dockerfile.parse;
