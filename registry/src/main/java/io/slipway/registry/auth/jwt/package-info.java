/**
 * Signed tokens (RFC 7515 to 7519, compact form): reading them against a set of trusted keys, and
 * signing our own. Called by {@code registry.auth} alone.
 *
 * <p>Invariants: a key is bound to the algorithms of its own kind when it is read, and a token's
 * header can only choose among the keys that are trusted already; so neither {@code none} nor a
 * public key taken for a shared secret can pass. Nothing that a token says is believed before its
 * signature is.
 */
package io.slipway.registry.auth.jwt;
