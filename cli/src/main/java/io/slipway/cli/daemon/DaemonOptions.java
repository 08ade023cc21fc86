package io.slipway.cli.daemon;

import io.slipway.builder.BuilderSettings;
import io.slipway.engine.system.RuntimeSettings;
import io.slipway.runtime.network.UserNetwork;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What {@code slipway daemon} is started with.
 *
 * @param listen addresses as given with {@code -H}
 * @param ports who may come in by those that are ports
 * @param idleStop after how long without work the daemon ends by itself; empty for never
 * @param builds what holds for all builds
 * @param liveRestore whether containers run on when the daemon is stopped
 * @param runtimes who else may run containers
 * @param remap whose ranges of users containers get, as in {@code --userns-remap}; empty for the
 *     host's users
 * @param network how a normal user's daemon is connected to the machine's network
 */
public record DaemonOptions(
    List<String> listen,
    PortSecurity ports,
    DaemonPaths paths,
    Optional<Duration> idleStop,
    BuilderSettings builds,
    boolean liveRestore,
    RuntimeSettings runtimes,
    String remap,
    Optional<UserNetwork> network,
    String version) {
  public DaemonOptions {
    listen = List.copyOf(listen);
  }
}
