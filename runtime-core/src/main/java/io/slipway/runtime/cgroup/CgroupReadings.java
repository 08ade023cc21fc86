package io.slipway.runtime.cgroup;

import java.io.IOException;
import java.util.List;

/** What can be asked of a cgroup without changing it. */
public interface CgroupReadings {

  /** Path below the hierarchies, {@code /slipway-x/<id>}, for inspection and messages. */
  String path();

  /** Its directories, as the container itself is shown them. */
  List<CgroupView> views();

  /** Process numbers in the daemon's pid namespace; empty once the container has ended. */
  List<Integer> pids() throws IOException;

  /** Present usage. */
  CgroupStats stats() throws IOException;

  /** How many processes the kernel killed here for lack of memory. */
  long oomKills() throws IOException;
}
