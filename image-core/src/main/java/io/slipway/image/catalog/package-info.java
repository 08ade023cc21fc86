/**
 * Names to images, and layers to blobs: the metadata that survives a restart.
 *
 * <p>{@link io.slipway.image.catalog.ImageCatalog}: tags and repo digests to image ids (the digest
 * of the config); the bytes themselves are in the blob store. {@link
 * io.slipway.image.catalog.LayerIndex}: DiffID to the blobs that hold it. {@link
 * io.slipway.image.catalog.ImageLookup}: what a person typed to an image. Called by the engine's
 * image service, the builder (FROM, export), archives, Puller and Pusher.
 *
 * <p>Invariants: a change is on disk (temp + fsync + rename + directory fsync) before the call
 * returns; reads come from memory; a reference names at most one image.
 */
package io.slipway.image.catalog;
