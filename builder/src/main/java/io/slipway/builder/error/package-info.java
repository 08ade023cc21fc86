/**
 * Failures of a build that callers handle on their own, and the Dockerfile lines they quote.
 *
 * <p>Thrown by {@code builder.frontend}, {@code builder.solver} and {@code builder.op}; read by
 * progress views and by the engine. Imports only {@code image.error}.
 */
package io.slipway.builder.error;
