package io.slipway.runtime.cgroup;

import io.slipway.runtime.spec.Resources;
import java.io.IOException;

/** Which processors and memory nodes may be used. */
final class CpusetController implements Controller {
  private static final String CPUS = "cpuset.cpus";
  private static final String NODES = "cpuset.mems";

  @Override
  public String name(CgroupVersion version) {
    return "cpuset";
  }

  @Override
  public void apply(CgroupDirectory dir, Resources resources) throws IOException {
    if (resources.cpu().cpus().isPresent()) {
      dir.limit("cpuset cpus", CPUS, resources.cpu().cpus().get());
    }
    if (resources.cpu().memoryNodes().isPresent()) {
      dir.limit("cpuset mems", NODES, resources.cpu().memoryNodes().get());
    }
  }

  /** Whether it can take no process. */
  static boolean isEmptyV1(CgroupDirectory dir) throws IOException {
    return dir.read(CPUS).isEmpty() || dir.read(NODES).isEmpty();
  }

  /**
   * A new v1 cpuset is empty and takes no process. This gives a parent directory its own parent's
   * sets and lets its children be born with them.
   */
  static void inheritV1(CgroupDirectory dir, CgroupDirectory parent) throws IOException {
    dir.write("cgroup.clone_children", "1");
    for (String file : new String[] {CPUS, NODES}) {
      if (dir.read(file).isEmpty()) {
        dir.write(file, parent.read(file));
      }
    }
  }
}
