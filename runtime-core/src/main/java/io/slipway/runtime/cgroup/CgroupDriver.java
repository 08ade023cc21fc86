package io.slipway.runtime.cgroup;

import io.slipway.runtime.linux.Privileges;
import io.slipway.runtime.spec.Resources;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes the cgroups of one daemon. Safe for threads. */
public interface CgroupDriver {

  /** What this process may use of the machine's cgroups; see {@link KernelCgroupDriver#open}. */
  static CgroupDriver open(String parentName) throws IOException {
    if (!Privileges.own().isRootless()) {
      return KernelCgroupDriver.open(parentName);
    }
    Hierarchies all = Hierarchies.detect();
    Hierarchies own = all.writable();
    return own.all().isEmpty()
        ? new NamespaceGroups(all.mode(), parentName)
        : new KernelCgroupDriver(own, parentName);
  }

  /**
   * Makes a container's cgroup with its limits, ready to be joined.
   *
   * @param parent path below which it is made ({@code --cgroup-parent}); absolute ones count from
   *     the root of the hierarchies; empty means the daemon's own parent
   * @param id the container's id, its directory name
   * @throws io.slipway.image.error.SlipwayException if a limit is not possible, naming it
   * @throws IOException if the kernel refuses something else; nothing is left behind
   */
  Cgroup create(Optional<String> parent, String id, Resources resources) throws IOException;

  /**
   * The cgroup that an earlier daemon made for a container, or what is left of it if the container
   * has ended.
   *
   * @throws IOException if this driver has none that a later daemon could find
   */
  Cgroup adopt(Optional<String> parent, String id) throws IOException;

  /**
   * Kills and removes what an earlier daemon left below this one's parent.
   *
   * @param spared containers that are left alone
   * @return the ids of the containers that were removed
   */
  List<String> removeLeftovers(Set<String> spared) throws IOException;

  /** What is mounted here: {@code 1}, {@code 2}, or both. */
  CgroupMode mode();

  /** The controllers that are usable, by their kernel names; what is absent limits nothing. */
  List<String> controllers();

  /** Which limits of disk traffic there are. */
  BlockIoSupport blockIo() throws IOException;

  /** Removes the daemon's parent directories if no container is left in them. */
  void removeParent() throws IOException;
}
