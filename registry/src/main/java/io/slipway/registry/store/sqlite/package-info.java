/**
 * The registry's metadata in SQLite, embedded: {@link
 * io.slipway.registry.store.sqlite.SqliteMetadataStore} implements {@link
 * io.slipway.registry.store.MetadataStore} for one server process. Called by {@code registry.http}
 * only to open it; everything else sees the contract.
 *
 * <pre>
 * DIR/metadata.db   repositories, contents, links, manifests, references, tags
 * DIR/uploads.db    open upload sessions, in a file of their own because they need no fsync and
 *                   must not wait for one
 * </pre>
 *
 * <p>Invariants: both files are in WAL mode and have one writing connection each. That of the
 * metadata is owned by the thread of {@code GroupCommitWriter}, which runs all changes that wait as
 * one transaction, so that concurrent pushes share an fsync; every change runs in a savepoint: one
 * that fails leaves nothing and harms no other. Readers have connections of their own and never
 * wait for a writer.
 */
package io.slipway.registry.store.sqlite;
