/**
 * Images in files: what {@code docker save} and {@code load} exchange, OCI image layouts as
 * archives and directories, and root file systems made into images.
 *
 * <p>{@link io.slipway.image.archive.ImageArchiveReader} brings images of any of these forms into
 * the blob store and hands their layers to a sink; {@link
 * io.slipway.image.archive.ImageArchiveWriter} writes them; {@link
 * io.slipway.image.archive.RootfsImporter} makes a one-layer image of a tar. None of them touches
 * the catalog: the caller adds and tags what they return. Called by {@code engine.image} and {@code
 * builder.export}.
 *
 * <p>What is written is an OCI layout that is a docker archive at the same time:
 *
 * <pre>
 * blobs/sha256/HEX   configs, manifests, layers
 * index.json         the manifests, with their names as annotations
 * manifest.json      the same for docker before 25, skopeo, podman: config, tags, layers
 * oci-layout         {"imageLayoutVersion":"1.0.0"}
 * repositories       the same for docker before 1.10
 * </pre>
 *
 * <p>Invariants: nothing of an archive is ever written under a name of its choosing; memory is
 * bounded whatever the input; a layer counts as read only when its content has been seen to be its
 * DiffID.
 */
package io.slipway.image.archive;
