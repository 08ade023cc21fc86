package io.slipway.cli.daemon;

import io.slipway.engine.system.RuntimeSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What {@code slipway daemon} is started with.
 *
 * @param listen addresses as given with {@code -H}
 * @param ports who may come in by those that are ports
 * @param idleStop after how long without work the daemon ends by itself; empty for never
 * @param buildCacheBytes what the build cache may take on disk; empty for a share of the disk
 * @param buildCacheRegistry where builds share results with other machines; empty for nowhere
 * @param buildFailedSteps how many failed steps of builds are kept to be entered
 * @param liveRestore whether containers run on when the daemon is stopped
 * @param runtimes who else may run containers
 * @param remap whose ranges of users containers get, as in {@code --userns-remap}; empty for the
 *     host's users
 */
public record DaemonOptions(
    List<String> listen,
    PortSecurity ports,
    DaemonPaths paths,
    Optional<Duration> idleStop,
    OptionalLong buildCacheBytes,
    Optional<String> buildCacheRegistry,
    int buildFailedSteps,
    boolean liveRestore,
    RuntimeSettings runtimes,
    String remap,
    String version) {
  public DaemonOptions {
    listen = List.copyOf(listen);
  }
}
