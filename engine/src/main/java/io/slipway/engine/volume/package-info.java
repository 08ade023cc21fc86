/**
 * Local volumes: directories of the data root that outlive containers.
 *
 * <pre>
 * volumes/NAME/volume.json   {@link io.slipway.engine.state.VolumeRecord}
 * volumes/NAME/_data/        the content
 * </pre>
 *
 * <p>Main types: {@link io.slipway.engine.volume.VolumeService}, {@link
 * io.slipway.engine.volume.VolumeRoutes}; {@link io.slipway.engine.volume.VolumeUsers} is what must
 * be known of containers. Called by {@code engine.container}. Invariant: a volume that a container
 * uses, running or not, is not removed.
 */
package io.slipway.engine.volume;
