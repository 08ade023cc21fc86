package io.slipway.runtime.cgroup;

import io.slipway.runtime.spec.Resources;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Docker's driver {@code none}: a normal user's daemon that was given no part of the cgroups. */
final class NamespaceGroups implements CgroupDriver {
  private final CgroupMode mode;
  private final String parentName;

  NamespaceGroups(CgroupMode mode, String parentName) {
    this.mode = mode;
    this.parentName = parentName;
  }

  @Override
  public Cgroup create(Optional<String> parent, String id, Resources resources) {
    return new NamespaceGroup(parent.orElse("/" + parentName) + "/" + id);
  }

  @Override
  public Cgroup adopt(Optional<String> parent, String id) throws IOException {
    throw new IOException("without cgroups no daemon finds the processes of an earlier one");
  }

  /** They have ended with their daemon: it was the first process of their pid namespace. */
  @Override
  public List<String> removeLeftovers(Set<String> spared) {
    return List.of();
  }

  @Override
  public CgroupMode mode() {
    return mode;
  }

  @Override
  public List<String> controllers() {
    return List.of();
  }

  @Override
  public BlockIoSupport blockIo() {
    return BlockIoSupport.NOTHING;
  }

  @Override
  public void removeParent() {
    // there is none
  }
}
