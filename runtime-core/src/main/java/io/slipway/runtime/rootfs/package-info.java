/**
 * Between images and snapshots: layer blobs become a stack of snapshots ({@link
 * io.slipway.runtime.rootfs.RootfsUnpacker}; layer by layer during a pull), and a snapshot becomes
 * a layer when an image is exported: its identity ({@link
 * io.slipway.runtime.rootfs.LayerIdentities}) at once, its blob only when somebody asks ({@code
 * image.content.LayerBlobs}).
 *
 * <p>A pulled or loaded layer keeps the blob it came in, since our tar writer would not reproduce
 * its bytes; a built one has none until it is pushed or saved. Called by {@code builder.export},
 * {@code builder.op} and {@code engine.image}.
 */
package io.slipway.runtime.rootfs;
