/**
 * The lexer and parser that ANTLR makes from {@code DockerfileLexer.g4} and {@code
 * DockerfileGrammar.g4}, and what they need beside them because the language is not context-free at
 * the level of lines.
 *
 * <p>Main types: {@link io.slipway.dockerfile.grammar.LogicalCharStream} (hides continuations),
 * {@link io.slipway.dockerfile.grammar.LogicalLexer} (chooses how arguments are read, takes heredoc
 * bodies), {@link io.slipway.dockerfile.grammar.LogicalText} (text with its places), {@link
 * io.slipway.dockerfile.grammar.JsonText}.
 *
 * <p>Called by {@code dockerfile.parse} only; never imported outside this module. Invariants: every
 * text lexes and parses without a syntax error of ANTLR's; token offsets are those of the original
 * text; time is linear in its length.
 */
package io.slipway.dockerfile.grammar;
