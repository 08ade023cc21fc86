/**
 * What can be said of a Dockerfile without building it: checks, the strict mode, outline and
 * targets.
 *
 * <p>{@link io.slipway.builder.check.BuildChecks} runs all 22 rules: those of {@code
 * dockerfile.check} that need the text only, and those that need the context or the images that
 * FROM names. {@link io.slipway.builder.check.StrictChecks} finds what BuildKit lets pass silently.
 * {@link io.slipway.builder.check.Outline} lists what a target takes, and the targets. Called by
 * the entry of the builder.
 */
package io.slipway.builder.check;
