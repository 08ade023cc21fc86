package io.slipway.engine.container;

import io.slipway.runtime.spec.IdMappings;
import io.slipway.runtime.spec.Namespaces;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What a container's spec takes from the machine at the moment it starts.
 *
 * @param network its network namespace
 * @param ipc the IPC namespace to join, or private
 * @param pid the pid namespace to join, or private
 * @param privateCgroup whether a container gets a cgroup namespace unless it says otherwise (the
 *     default on cgroup v2)
 * @param files directory with its {@code hosts}, {@code hostname} and {@code resolv.conf}
 * @param devices what it may use of the host's devices
 * @param users who its users are
 */
record Surroundings(
    Namespaces.Mode network,
    Namespaces.Mode ipc,
    Namespaces.Mode pid,
    boolean privateCgroup,
    Path files,
    DeviceGrants devices,
    Users users) {

  /**
   * Who a container's users are.
   *
   * @param mappings empty for the host's
   * @param ownVolumes names of volumes whose files they own: those without a mount of their own
   */
  record Users(Optional<IdMappings> mappings, Set<String> ownVolumes) {
    static final Users OF_HOST = new Users(Optional.empty(), Set.of());

    Users {
      ownVolumes = Set.copyOf(ownVolumes);
    }
  }
}
