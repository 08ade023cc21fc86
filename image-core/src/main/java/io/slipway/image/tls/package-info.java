/**
 * Certificates and keys as people keep them: PEM files. {@link io.slipway.image.tls.PemFiles} reads
 * them, {@link io.slipway.image.tls.TlsFiles} makes of docker's three files ({@code ca.pem}, {@code
 * cert.pem}, {@code key.pem}) what a connection needs. Used by the registry client, the engine's
 * TLS listener and the command's client. Nothing here is kept or cached.
 */
package io.slipway.image.tls;
