package io.slipway.runtime.container;

import io.slipway.runtime.spec.ContainerSpec;
import java.io.IOException;
import java.util.Optional;

/** Starts containers. One instance serves a whole daemon, from any thread. */
public interface Containers extends AutoCloseable {

  /**
   * Starts a container and returns once its program runs. With {@link ContainerIo.Output.Kept} it
   * outlives a daemon that is killed, and the next one may {@link #adopt} it.
   *
   * @param rootfs what it sees as {@code /}; must not be in use by another container if writable
   * @throws ContainerStartException if the program cannot be run: no such file, no permission,
   *     unknown user, a limit too small; holds the exit code Docker reports
   * @throws IOException if the machine refused a preparation (mount, cgroup, namespace)
   */
  RunningContainer start(ContainerSpec spec, RootFilesystem rootfs, ContainerIo io)
      throws IOException;

  /**
   * Goes on with a container that an earlier daemon started, also if it has ended meanwhile; once
   * for each. If that fails, nothing of it is left.
   *
   * @param spec as it was started with
   * @return empty if there is nothing left of it
   */
  Optional<RunningContainer> adopt(ContainerSpec spec, ContainerIo io) throws IOException;

  /** Kills what still runs and stops the threads; containers started by it are closed. */
  @Override
  void close();
}
