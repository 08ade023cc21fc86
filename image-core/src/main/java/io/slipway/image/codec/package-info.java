/**
 * Streams that compress, count and hash.
 *
 * <p>{@link io.slipway.image.codec.Compressor} makes compressed content, the one in use being
 * chosen where the daemon is wired; {@link io.slipway.image.codec.DigestingOutputStream} and {@link
 * io.slipway.image.codec.VerifiedInputStream} hash on the way. Used by everything that reads or
 * makes layers.
 *
 * <p>Invariants: memory is bounded whatever the input; the output of a compressor depends only on
 * its input, its settings and the version of its library.
 */
package io.slipway.image.codec;
