package io.slipway.runtime.container;

import io.slipway.runtime.cgroup.Cgroup;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.spec.ContainerSpec;
import io.slipway.runtime.spec.ProcessSpec;
import java.io.IOException;

/** A started container: its first process, and what can be done to the whole. */
public interface RunningContainer extends RunningProcess, AutoCloseable {

  ContainerSpec spec();

  /**
   * Runs another process in the container, with the container's seccomp filter and limits.
   *
   * @throws ContainerStartException if the program cannot be run
   */
  RunningProcess exec(ProcessSpec process, ContainerIo io) throws IOException;

  /** Kills every process of the container. */
  void killAll() throws IOException;

  /** Freezes or thaws every process; asking for the present state changes nothing. */
  void setPaused(boolean paused) throws IOException;

  /** Its cgroup, for statistics, process lists and new limits; owned by the container. */
  Cgroup cgroup();

  /**
   * The root file system as a mount descriptor, usable until {@link #close}, also after the process
   * ended. Owned by the container: do not close it. Symbolic links below it resolve against the
   * daemon's root; open names with {@code RESOLVE_IN_ROOT}.
   */
  Fd rootfs();

  /**
   * Kills what still runs, waits for it, removes the cgroups and lets go of the root file system.
   */
  @Override
  void close() throws IOException;
}
