package io.slipway.runtime.cgroup;

import java.util.List;

/** The table of controllers. The freezer is not among them: it is an action, not a limit. */
final class Controllers {
  private static final List<Controller> ALL =
      List.of(
          new MemoryController(),
          new CpuController(),
          new CpuAccountController(),
          new CpusetController(),
          new PidsController(),
          new DevicesController(),
          new BlockIoController(),
          new HugePagesController());

  private Controllers() {}

  /** Those that act in a directory of this hierarchy. */
  static List<Controller> in(Hierarchy hierarchy, boolean devicesByProgram) {
    return ALL.stream()
        .filter(c ->
            hierarchy.controllers().contains(c.name(hierarchy.version()))
                || devicesByProgram && c instanceof DevicesController)
        .toList();
  }

  /**
   * Names that are switched on for children on v2. Huge pages are left out on a mixed machine: the
   * root's switches belong to the machine there, and nothing else of v2 needs them.
   */
  static List<String> switchable(Hierarchy hierarchy, CgroupMode mode) {
    return ALL.stream()
        .filter(c -> mode == CgroupMode.V2 || !(c instanceof HugePagesController))
        .map(c -> c.name(CgroupVersion.V2))
        .filter(hierarchy.controllers()::contains)
        .toList();
  }
}
