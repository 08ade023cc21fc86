package io.slipway.engine.network;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.runtime.network.BridgeDescription;
import io.slipway.runtime.network.EndpointOptions;
import io.slipway.runtime.network.NetworkAttachment;
import io.slipway.runtime.network.NetworkMode;
import io.slipway.runtime.network.Networks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The predefined networks of one daemon. */
public final class NetworkService {
  public static final String BRIDGE = "bridge";
  public static final String HOST = "host";
  public static final String NONE = "none";

  private final Networks networks;
  private final String daemonId;
  private final Instant created;

  /**
   * @param daemonId makes the networks' ids stable and this daemon's own
   * @param created shown as the time the networks were made
   */
  public NetworkService(Networks networks, String daemonId, Instant created) {
    this.networks = networks;
    this.daemonId = daemonId;
    this.created = created;
  }

  /** A network as containers and people name it. */
  public record Network(
      String name, String id, String driver, Optional<BridgeDescription> bridge) {}

  /** The default bridge; empty with {@code --bridge none}. */
  public Optional<BridgeDescription> bridge() {
    return networks.bridge();
  }

  public Instant created() {
    return created;
  }

  /** All networks; the bridge only when the daemon has one. */
  public List<Network> list() {
    List<Network> all = new ArrayList<>();
    networks.bridge().ifPresent(bridge -> all.add(network(BRIDGE, "bridge", Optional.of(bridge))));
    all.add(network(HOST, "host", Optional.empty()));
    all.add(network(NONE, "null", Optional.empty()));
    return all;
  }

  private Network network(String name, String driver, Optional<BridgeDescription> bridge) {
    byte[] seed = ("network " + name + " of " + daemonId).getBytes(StandardCharsets.UTF_8);
    return new Network(name, Digest.of(seed).hex(), driver, bridge);
  }

  /** The network of a name, an id or the beginning of one; {@code default} is the bridge. */
  public Network find(String text) {
    String name = text.equals("default") || text.isEmpty() ? BRIDGE : text;
    List<Network> all = list();
    return all.stream()
        .filter(n -> n.name().equals(name) || n.id().equals(name))
        .findFirst()
        .or(() -> byPrefix(all, name))
        .orElseThrow(() -> SlipwayException.notFound("network " + text + " not found"));
  }

  private static Optional<Network> byPrefix(List<Network> all, String prefix) {
    List<Network> found = all.stream().filter(n -> n.id().startsWith(prefix)).toList();
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  /**
   * Gives a starting container its place.
   *
   * @throws SlipwayException {@code NOT_FOUND} in Docker's words when there is no such network
   */
  public NetworkAttachment attach(String network, String containerId, EndpointOptions options)
      throws IOException {
    return networks.attach(mode(network), containerId, options);
  }

  private NetworkMode mode(String network) {
    try {
      return switch (find(network).name()) {
        case HOST -> NetworkMode.HOST;
        case NONE -> NetworkMode.NONE;
        default -> NetworkMode.BRIDGE;
      };
    } catch (SlipwayException e) {
      throw new SlipwayException(
          e.kind(), "failed to set up container networking: " + e.getMessage(), e);
    }
  }

  /** Why a network cannot be removed. */
  public SlipwayException cannotRemove(String text) {
    return new SlipwayException(
        ErrorKind.FORBIDDEN, find(text).name() + " is a pre-defined network and cannot be removed");
  }

  /** User-defined networks are not built yet. */
  public SlipwayException notBuilt(String what) {
    return new SlipwayException(
        ErrorKind.UNSUPPORTED,
        what + " is not supported yet by this engine: use the networks bridge, host or none");
  }
}
