/**
 * Who may do what: {@link io.slipway.registry.auth.Authorizer} decides for every request, from its
 * Authorization header, its client certificate and what it is about to do; {@link
 * io.slipway.registry.auth.TokenService} gives out tokens. {@link
 * io.slipway.registry.auth.AccessControl} makes both from the settings. Called by {@code
 * registry.http}; the files of users and API keys are changed by {@code cli} too.
 *
 * <p>Invariants: a decision that needs slow work (bcrypt, signatures, files) is never made on an
 * event loop and is made once for many requests; no credential is kept in clear text, and none is
 * in a message.
 */
package io.slipway.registry.auth;
