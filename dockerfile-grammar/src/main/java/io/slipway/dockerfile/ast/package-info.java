/**
 * The Dockerfile as plain records: what the text says, before any variable is expanded and before
 * any meaning is given to it.
 *
 * <p>Main types: {@link io.slipway.dockerfile.ast.Dockerfile} (the whole file), {@link
 * io.slipway.dockerfile.ast.Instruction} (sealed, one record for each of the 18 instructions),
 * {@link io.slipway.dockerfile.ast.Command} (shell or exec form), {@link
 * io.slipway.dockerfile.ast.Heredoc}, {@link io.slipway.dockerfile.ast.Diagnostic}.
 *
 * <p>Made by {@code dockerfile.parse}; read by {@code dockerfile.check} and by the builder's
 * frontend. Invariants: everything is immutable; every {@link io.slipway.dockerfile.ast.Word} is
 * raw (quotes, escapes and {@code $} untouched) unless it came from a JSON array, where only the
 * JSON escapes are undone; every range lies inside the text that was parsed.
 */
package io.slipway.dockerfile.ast;
