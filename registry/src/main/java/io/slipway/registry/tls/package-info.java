/**
 * Certificates: {@link io.slipway.registry.tls.ServerCertificate} gives what TLS is spoken with,
 * from files that are watched or from {@link io.slipway.registry.tls.OwnAuthority}, which makes a
 * CA and a certificate in the data root. Called by {@code registry.http}.
 *
 * <pre>
 * DATA_ROOT/tls/ca.crt         the own CA, for clients to trust
 * DATA_ROOT/tls/ca.key         its key, its owner's alone
 * DATA_ROOT/tls/server.crt     the server's certificate, followed by the CA's
 * DATA_ROOT/tls/server.key     its key, its owner's alone
 * </pre>
 *
 * <p>Invariants: a pair of certificate and key that does not fit together is never used; one that
 * cannot be read leaves the former one in force.
 */
package io.slipway.registry.tls;
