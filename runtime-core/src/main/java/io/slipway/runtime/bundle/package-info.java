/**
 * Containers run by another program: an OCI runtime such as runc or crun, with the same interface
 * as our own.
 *
 * <p>Main types: {@link io.slipway.runtime.bundle.BundleContainers} starts a container by writing a
 * bundle and calling the program; {@link io.slipway.runtime.bundle.RuntimeProgram} is the program
 * and its command line.
 *
 * <p>Called by the daemon's wiring; the engine sees only the interface of {@code
 * runtime.container}.
 *
 * <p>On disk, below the directory that {@code BundleContainers} owns:
 *
 * <pre>
 *   state/            the program's own state (--root)
 *   ID/config.json    the container's specification
 *   ID/rootfs/        its root, mounted here while it exists
 *   ID/log.json       what the program said last
 *   ID/pid            the number of a process it has made
 *   ID/process.json   the last exec
 * </pre>
 *
 * <p>Invariants: the program makes and starts processes, all else is ours: limits are written and
 * read by us in cgroups that we make, processes are signalled and waited for by descriptor. A
 * daemon that is killed does not hand such containers on: the next one ends them.
 */
package io.slipway.runtime.bundle;
