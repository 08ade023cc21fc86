/**
 * Bytes by digest: the blob store, what keeps blobs alive, and their collection.
 *
 * <p>{@link io.slipway.image.content.BlobStore} holds complete, verified blobs; {@link
 * io.slipway.image.content.Ingest} is the only way in. {@link io.slipway.image.content.Lease} pins
 * content while an operation runs; {@link io.slipway.image.content.GarbageCollector} finds and
 * removes what nothing names. Used by the registry server, the engine, the builder's exporters,
 * archives, Puller and Pusher.
 *
 * <p>Invariants: a blob is visible under its digest only when every byte was hashed, is on disk
 * (fsync) and its directory entry too; a failed or abandoned ingest leaves nothing behind. {@code
 * java.io.IOException} is for the machine's failures (a full disk already comes as NO_SPACE); wrong
 * content and missing blobs are {@link io.slipway.image.error.SlipwayException}.
 */
package io.slipway.image.content;
