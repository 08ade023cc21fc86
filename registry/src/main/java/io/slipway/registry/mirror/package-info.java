/**
 * Repositories that are filled from other registries when they are asked for: {@code Mirrors} says
 * which, a {@code Mirror} brings manifests, tags and blobs of one of them into the store.
 *
 * <p>{@code registry.http} asks the mirror before it answers from the store. Equal requests that
 * come together are one request to the upstream; a blob streams to everybody who asked while it is
 * stored. A tag is checked by HEAD when its time is up, and served as last known while the upstream
 * fails. An upstream that said when to come back is left alone until then.
 *
 * <p>Invariants: nothing is stored under a digest it does not have; the last byte of a blob leaves
 * only after the whole was verified, so wrong content never completes an answer.
 */
package io.slipway.registry.mirror;
