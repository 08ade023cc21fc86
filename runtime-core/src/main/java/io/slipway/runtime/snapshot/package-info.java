/**
 * Snapshots: the file trees that images and containers are made of, stacked by overlayfs.
 *
 * <p>A {@link io.slipway.runtime.snapshot.Snapshot} is either {@code Active} (somebody writes to
 * it) or {@code Committed} (it never changes again and may be the parent of others). A committed
 * snapshot is a directory in overlay format, not a blob: a deleted name is a character device 0:0,
 * a directory that hides everything below it carries {@code trusted.overlay.opaque=y}. Tar, DiffID
 * and compression are made from it at export, by {@code runtime.rootfs}.
 *
 * <p>Names: every snapshot has one {@link io.slipway.runtime.snapshot.SnapshotKey}, chosen by its
 * maker (a build step's cache key, a container id) and kept for life. A committed snapshot may
 * later also get a {@link io.slipway.runtime.snapshot.LayerIdentity} (DiffID and ChainID): the
 * builder does so at export, the unpacker at once.
 *
 * <p>Called by: {@code builder} (steps, COPY, export), {@code engine} (containers, pull, commit,
 * remove), {@code runtime.rootfs}. Invariants: a committed snapshot's parent is committed; a
 * snapshot with children is not removed; what a killed daemon left half made is removed by the next
 * open and reported.
 */
package io.slipway.runtime.snapshot;
