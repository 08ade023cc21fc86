/**
 * Streams that compress, count, hash and limit.
 *
 * <p>{@link io.slipway.image.codec.Decompression} opens gzip, zstd, bzip2, xz or plain content by
 * its first bytes. {@link io.slipway.image.codec.Compressor} makes compressed content, the one in
 * use being chosen where the daemon is wired: {@link io.slipway.image.codec.DeflateCompressor}
 * (gzip by the JDK on several cores), {@link io.slipway.image.codec.ZstdCompressor}, {@link
 * io.slipway.image.codec.PlainCompressor}. {@link io.slipway.image.codec.DigestingOutputStream} and
 * {@link io.slipway.image.codec.VerifiedInputStream} hash on the way; {@link
 * io.slipway.image.codec.BoundedInputStream} stops content that expands too far.
 *
 * <p>Invariants: memory is bounded whatever the input; the output of a compressor depends only on
 * its input, its settings and the version of its library, never on timing or the sizes of writes.
 */
package io.slipway.image.codec;
