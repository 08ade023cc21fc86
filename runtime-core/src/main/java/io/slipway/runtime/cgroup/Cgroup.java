package io.slipway.runtime.cgroup;

import io.slipway.runtime.spec.Resources;
import java.io.IOException;

/** One container's cgroup. */
public interface Cgroup extends CgroupReadings, AutoCloseable {

  /** Opens the way in for one new process; close it once that process has joined. */
  CgroupPlacement placement() throws IOException;

  /**
   * The first process is there, and may have ended since. For groups that the kernel keeps no list
   * of.
   */
  void started(int pid);

  /**
   * Changes the limits that {@code resources} has values for ({@code docker update}); device rules
   * stay as they were made.
   */
  void update(Resources resources) throws IOException;

  /** Freezes or thaws every process and returns when that is done. */
  void setFrozen(boolean frozen) throws IOException;

  /** Sends SIGKILL to every process, also to frozen ones and to those just being forked. */
  void kill() throws IOException;

  /** A new subscription to "this cgroup ran out of memory"; empty without a memory controller. */
  OomSignal oomSignal() throws IOException;

  /**
   * Kills what is still inside and removes the directories, trying for a short while: the kernel
   * lets go of ended processes a little later.
   */
  @Override
  void close() throws IOException;
}
