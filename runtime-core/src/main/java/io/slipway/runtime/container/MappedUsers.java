package io.slipway.runtime.container;

import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.spec.IdMappings;

/**
 * The users of a container that has others than the host.
 *
 * <p>The descriptors stay their owner's to close.
 *
 * @param namespace of the container's processes
 * @param owners a namespace whose users mounts show as owners of files
 */
record MappedUsers(IdMappings mappings, Fd namespace, Fd owners) {}
