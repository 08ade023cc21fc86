/**
 * The nouns of the OCI image format as immutable values: digests, descriptors, manifests, indexes,
 * image configs, platforms, chain ids.
 *
 * <p>{@link io.slipway.image.model.Manifest} and {@link io.slipway.image.model.ImageConfig} hold
 * the parsed view <em>and</em> the bytes it was parsed from: a digest is always of those bytes, and
 * what was received is never serialised again. New ones are made by {@code create} and {@code
 * builder}, which write stable key order. Read by every module; imports only {@code image.error}.
 *
 * <p>Invariants: values are validated when constructed; a {@link io.slipway.image.model.Digest} is
 * safe to use in a path; parsing hostile JSON costs at most the size limits stated on each type.
 */
package io.slipway.image.model;
