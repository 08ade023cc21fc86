/**
 * What the registry keeps and the rules it keeps it by: repositories, tags, manifests, referrers
 * and upload sessions over a {@link io.slipway.image.content.BlobStore} for bytes and a {@link
 * io.slipway.registry.store.MetadataStore} for everything else.
 *
 * <p>{@code registry.http} calls the services {@code RepositoryBlobs}, {@code UploadSessions} and
 * {@code RepositoryManifests}; each blocks and belongs on a worker or virtual thread, save the
 * lookups that say they only ask memory. Faults are {@link io.slipway.registry.store.RegistryFault}
 * with a protocol code, or other SlipwayExceptions for failures of the machine.
 *
 * <p>Invariants: bytes become durable in the blob store before a metadata record names them, so a
 * record never outlives a crash without its bytes; a repository serves only what the metadata says
 * it holds, whatever the blob store has; nothing here scans storage or assumes a local file, except
 * {@code Blob.file} for sendfile; a delete takes effect at once and frees space only at collection.
 */
package io.slipway.registry.store;
