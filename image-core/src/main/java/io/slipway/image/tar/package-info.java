/**
 * The tar format, read and written as a stream: ustar, PAX extended headers, GNU long names and
 * base-256 numbers.
 *
 * <p>{@link io.slipway.image.tar.TarReader} turns bytes into {@link io.slipway.image.tar.TarEntry}s
 * and bodies, {@link io.slipway.image.tar.TarWriter} the reverse; equal entries always give equal
 * bytes, since layer identities are digests of them. Neither knows what a layer is (whiteouts) nor
 * touches a file system; a name is reported as it stands in the archive, {@code ..} and all.
 *
 * <p>Why not commons-compress: names and extended attributes are bytes, and it decodes PAX records
 * as UTF-8, which destroys {@code security.capability} and names in other encodings. Here they are
 * kept byte for byte, see {@link io.slipway.image.tar.TarText}.
 *
 * <p>Called by {@code image.archive}, {@code runtime.layer}, {@code builder.context}, {@code
 * engine.container}. Invariants: memory is bounded by {@link
 * io.slipway.image.tar.TarReader#HEADER_LIMIT} whatever the input; malformed input is a {@code
 * SlipwayException} of kind {@code INVALID}.
 */
package io.slipway.image.tar;
