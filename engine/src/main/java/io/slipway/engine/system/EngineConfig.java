package io.slipway.engine.system;

import io.slipway.builder.BuilderSettings;
import io.slipway.engine.http.ListenAddress;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.network.BridgeDescription;
import io.slipway.runtime.network.Ipv4Subnet;
import io.slipway.runtime.network.UserNetwork;
import io.slipway.runtime.spec.IdMappings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a daemon is started with.
 *
 * @param listen at least one address
 * @param dataRoot images, containers and volumes; one daemon at a time
 * @param execRoot state that need not survive a reboot
 * @param bridge the default bridge; empty for {@code --bridge none}
 * @param cgroupParent directory of this daemon's cgroups, its own
 * @param builds what holds for all builds
 * @param liveRestore whether containers run on when the daemon is stopped
 * @param runtimes who else may run containers
 * @param users whom containers have in the place of the host's users; empty for none
 * @param network how a daemon with a network of its own is connected to the machine's; empty for
 *     one in the machine's network
 */
public record EngineConfig(
    List<ListenAddress> listen,
    Path dataRoot,
    Path execRoot,
    Optional<BridgeDescription> bridge,
    String cgroupParent,
    BuilderSettings builds,
    boolean liveRestore,
    RuntimeSettings runtimes,
    Optional<IdMappings> users,
    Optional<UserNetwork> network) {
  public static final String DEFAULT_BRIDGE = "slipway0";
  public static final String DEFAULT_BIP = "172.31.0.1/16";
  public static final int DEFAULT_MTU = 1500;

  public EngineConfig {
    listen = List.copyOf(listen);
    if (listen.isEmpty()) {
      throw SlipwayException.invalid("no address to listen on: give at least one with -H");
    }
    if (!dataRoot.isAbsolute() || !execRoot.isAbsolute()) {
      throw SlipwayException.invalid("data root and exec root must be absolute paths");
    }
    if (!cgroupParent.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]*")) {
      throw SlipwayException.invalid("invalid cgroup parent " + cgroupParent);
    }
  }

  public EngineConfig(
      List<ListenAddress> listen,
      Path dataRoot,
      Path execRoot,
      Optional<BridgeDescription> bridge,
      String cgroupParent) {
    this(
        listen,
        dataRoot,
        execRoot,
        bridge,
        cgroupParent,
        BuilderSettings.DEFAULTS,
        false,
        RuntimeSettings.NONE,
        Optional.empty(),
        Optional.empty());
  }

  /** A bridge from {@code --bridge} and {@code --bip}; {@code none} is no bridge. */
  public static Optional<BridgeDescription> bridge(String name, String bip) {
    if (name.equals("none")) {
      return Optional.empty();
    }
    try {
      return Optional.of(BridgeDescription.of(name, Ipv4Subnet.parse(bip), DEFAULT_MTU));
    } catch (IllegalArgumentException e) {
      throw SlipwayException.invalid(e.getMessage());
    }
  }
}
