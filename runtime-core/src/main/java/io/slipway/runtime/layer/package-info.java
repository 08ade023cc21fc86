/**
 * Layers on disk: a layer's tar applied to a directory, a directory's changes written as a layer's
 * tar, and the safe primitives both are made of.
 *
 * <p>{@code Dir} is an open directory whose operations take single names and never follow a link,
 * so code built on it cannot leave the tree whatever names an image contains; {@code Tree} is a
 * root that also resolves whole paths inside itself, as the kernel does after a chroot. {@code
 * LayerApplier} and {@code LayerWriter} turn tar into files and back; what the writer produces for
 * a given tree is always the same bytes, because image identities hang on it.
 *
 * <p>Called by: {@code runtime.snapshot} (usage, removal), {@code runtime.rootfs} (unpack, layer
 * blobs), {@code builder.op} (COPY, ADD), {@code engine.container} (copy, diff, export).
 * Invariants: nothing outside the root is read or written; memory does not grow with the size or
 * the number of files; names are kept byte for byte.
 */
package io.slipway.runtime.layer;
