/**
 * What survives the daemon: one JSON file for each container and volume, and the lock that keeps a
 * second daemon out.
 *
 * <pre>
 * data-root/
 *   daemon.lock                      held while a daemon runs here
 *   containers/ID/container.json     {@link io.slipway.engine.state.ContainerRecord}
 *   volumes/NAME/volume.json         {@link io.slipway.engine.state.VolumeRecord}
 * exec-root/
 *   containers/ID.json               {@link io.slipway.engine.state.RunningRecord}, while it runs
 * </pre>
 *
 * <p>Main types: {@link io.slipway.engine.state.RecordDirectory} reads and writes records of one
 * kind; {@link io.slipway.engine.state.DataRootLock}. Called by the resource packages and by the
 * daemon's wiring.
 *
 * <p>Invariants: files below the data root are replaced whole (temp, fsync, rename, fsync of the
 * directory); a record that cannot be read is reported and left alone, never deleted.
 */
package io.slipway.engine.state;
