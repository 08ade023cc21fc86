/**
 * Who may do what: {@link io.slipway.registry.auth.Authorizer} decides for every request, from its
 * Authorization header and what it is about to do. Called by {@code registry.http} alone.
 *
 * <p>Invariants: a decision that needs slow work (bcrypt) is never made on an event loop, and no
 * credential is kept in clear text.
 */
package io.slipway.registry.auth;
