/**
 * The data root of a registry, and the orders its owner gives. {@link
 * io.slipway.registry.admin.DataRoot} opens everything that lies in it; {@link
 * io.slipway.registry.admin.RegistryAdmin} runs a task on it, in the process that has it open.
 *
 * <pre>
 * DATA_ROOT/lock          held by the process that has the data root open
 * DATA_ROOT/admin/socket  where a running server takes orders; the folder is its owner's alone
 * DATA_ROOT/blobs/        contents (DirectoryBlobStore)
 * DATA_ROOT/metadata.db   everything else (SqliteMetadataStore), with uploads.db
 * DATA_ROOT/generation    which metadata the blobs were used with last (Generation)
 * DATA_ROOT/names.log     names of manifests, should the metadata be lost (FileNameJournal)
 * </pre>
 *
 * <p>Called by {@code registry.http} (a server opens a data root and listens for orders) and by the
 * command line. Whoever may enter the folder of the socket may give any order: the file system is
 * the authentication.
 */
package io.slipway.registry.admin;
