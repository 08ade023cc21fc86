/**
 * Words to values: variables, quotes and escapes.
 *
 * <p>Main types: {@link io.slipway.dockerfile.word.WordExpander} (pure functions for one escape
 * character), {@link io.slipway.dockerfile.word.Env} (what it looks variables up in), {@link
 * io.slipway.dockerfile.word.Expansion} (text, words, and which variables were used), {@link
 * io.slipway.dockerfile.word.ExpansionException}.
 *
 * <p>Beside them: {@link io.slipway.dockerfile.word.HeredocWord} (words that announce
 * here-documents), and what messages need, {@link io.slipway.dockerfile.word.Quoted} and {@link
 * io.slipway.dockerfile.word.Suggestion}.
 *
 * <p>Called by the builder's frontend with the variables in force at an instruction, and by {@code
 * dockerfile.check}. Invariant: same word, same variables, same result; nothing but an {@code
 * ExpansionException} is thrown for any text.
 */
package io.slipway.dockerfile.word;
