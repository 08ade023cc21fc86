package io.slipway.engine.network;

import io.slipway.engine.state.NetworkRecord;
import io.slipway.engine.state.RecordDirectory;
import io.slipway.engine.system.EventBus;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.runtime.network.BridgeDescription;
import io.slipway.runtime.network.BridgeNetwork;
import io.slipway.runtime.network.HostNetwork;
import io.slipway.runtime.network.IpSubnet;
import io.slipway.runtime.network.Networks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The networks of one daemon: those there from the start, and those people make. */
public final class NetworkService implements AutoCloseable {
  public static final String BRIDGE = "bridge";
  public static final String HOST = "host";
  public static final String NONE = "none";

  static final Set<String> PREDEFINED = Set.of(BRIDGE, HOST, NONE);
  private static final String NULL_DRIVER = "null";
  private static final Set<String> OTHER_DRIVERS = Set.of("macvlan", "ipvlan");
  private static final int ID_BYTES = 32;
  private static final int SHORT_ID = 12;

  private final Networks networks;
  private final RecordDirectory<NetworkRecord> directory;
  private final String daemonId;
  private final EventBus events;
  private final Clock clock;
  private final Instant started;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Network> made = new LinkedHashMap<>();

  private NetworkService(
      Networks networks, Path dataRoot, String daemonId, EventBus events, Clock clock) {
    this.networks = networks;
    this.directory =
        new RecordDirectory<>(dataRoot.resolve("networks"), "network.json", NetworkRecord.class);
    this.daemonId = daemonId;
    this.events = events;
    this.clock = clock;
    this.started = clock.instant();
  }

  /**
   * Reads the networks below {@code dataRoot} and sets them up again. One that the machine refuses
   * is told to {@code report} and stays listed; containers cannot join it.
   *
   * @param daemonId makes the predefined networks' ids stable and this daemon's own
   */
  public static NetworkService open(
      Networks networks,
      Path dataRoot,
      String daemonId,
      EventBus events,
      Clock clock,
      Consumer<String> report)
      throws IOException {
    NetworkService service = new NetworkService(networks, dataRoot, daemonId, events, clock);
    RecordDirectory.Loaded<NetworkRecord> loaded = service.directory.load();
    loaded.problems().forEach(report);
    for (NetworkRecord record : loaded.records()) {
      Optional<BridgeNetwork> bridge = Optional.empty();
      try {
        bridge = service.setUp(record);
      } catch (IOException | RuntimeException e) {
        report.accept("network %s cannot be set up: %s".formatted(record.name(), e.getMessage()));
      }
      service.made.put(record.id(), new Network(record, bridge));
    }
    return service;
  }

  /** The kernel's side, for containers' namespaces. */
  public Networks kernel() {
    return networks;
  }

  /** The default bridge; empty with {@code --bridge none}. */
  public Optional<BridgeDescription> bridge() {
    return networks.bridge();
  }

  /** All networks; the bridge only when the daemon has one. */
  public List<Network> list() {
    List<Network> all = new ArrayList<>(predefined());
    synchronized (this) {
      all.addAll(made.values());
    }
    return all;
  }

  private List<Network> predefined() {
    List<Network> all = new ArrayList<>();
    networks
        .bridge()
        .ifPresent(bridge ->
            all.add(
                new Network(
                    record(
                        BRIDGE,
                        BRIDGE,
                        bridge.name(),
                        NetworkPlan.ipam(bridge),
                        NetworkPlan.options(bridge)),
                    Optional.of(networks.defaultBridge()))));
    NetworkRecord.Ipam none = new NetworkRecord.Ipam("default", null, null);
    all.add(new Network(record(HOST, HOST, "", none, Map.of()), Optional.empty()));
    all.add(new Network(record(NONE, NULL_DRIVER, "", none, Map.of()), Optional.empty()));
    return all;
  }

  private NetworkRecord record(
      String name,
      String driver,
      String bridge,
      NetworkRecord.Ipam ipam,
      Map<String, String> options) {
    byte[] seed = ("network " + name + " of " + daemonId).getBytes(StandardCharsets.UTF_8);
    String id = Digest.of(seed).hex();
    return new NetworkRecord(
        id, name, started, driver, bridge, false, false, false, ipam, false, options, Map.of(),
        false, "");
  }

  /** The network of a name, an id or the beginning of one; {@code default} is the bridge. */
  public Network find(String text) {
    return tryFind(text)
        .orElseThrow(() -> SlipwayException.notFound("network " + text + " not found"));
  }

  /** As {@link #find}; empty when there is none. */
  public Optional<Network> tryFind(String text) {
    String name = text.equals("default") || text.isEmpty() ? BRIDGE : text;
    List<Network> all = list();
    Optional<Network> exact =
        all.stream()
            .filter(n -> n.id().equals(name))
            .findFirst()
            .or(() -> all.stream().filter(n -> n.name().equals(name)).findFirst());
    return exact.isPresent() ? exact : byPrefix(all, name);
  }

  private static Optional<Network> byPrefix(List<Network> all, String prefix) {
    List<Network> found = all.stream().filter(n -> n.id().startsWith(prefix)).toList();
    if (found.size() > 1) {
      throw SlipwayException.invalid(
          "network %s is ambiguous (%d matches found based on ID prefix)"
              .formatted(prefix, found.size()));
    }
    return found.stream().findFirst();
  }

  /** Makes a network. */
  Network create(NetworkRequest asked) throws IOException {
    Network network;
    synchronized (this) {
      NetworkRequest request = ConfigNetworks.complete(asked, made.values());
      check(request);
      if (made.values().stream().anyMatch(n -> n.name().equals(request.name()))) {
        throw new SlipwayException(
            ErrorKind.CONFLICT, "network with name " + request.name() + " already exists");
      }
      NetworkRecord record = record(request);
      checkBridge(record);
      Optional<BridgeNetwork> bridge = setUp(record);
      try {
        directory.put(record.id(), record);
      } catch (IOException e) {
        bridge.ifPresent(b -> closeAfter(b, e));
        throw e;
      }
      network = new Network(record, bridge);
      made.put(record.id(), network);
    }
    publish("create", network);
    return network;
  }

  /** A description is nothing on the machine. */
  private Optional<BridgeNetwork> setUp(NetworkRecord record) throws IOException {
    return record.configOnly()
        ? Optional.empty()
        : Optional.of(networks.add(record.name(), NetworkPlan.bridge(record)));
  }

  private static void closeAfter(BridgeNetwork bridge, IOException failure) {
    try {
      bridge.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private static void check(NetworkRequest request) {
    String name = request.name();
    if (name.isBlank()) {
      throw SlipwayException.invalid("invalid name: name is empty");
    }
    if (PREDEFINED.contains(name) || name.equals("default")) {
      throw new SlipwayException(
          ErrorKind.FORBIDDEN, "operation is not permitted on predefined " + name + " network ");
    }
    if (request.configOnly()) {
      return;
    }
    String driver = request.driver();
    if (driver.equals(HOST) || driver.equals(NULL_DRIVER)) {
      throw new SlipwayException(
          ErrorKind.FORBIDDEN, "only one instance of \"" + driver + "\" network is allowed");
    }
    if (OTHER_DRIVERS.contains(driver)) {
      throw notBuilt("network driver " + driver);
    }
    if (driver.equals("overlay") || request.scope().equals("swarm") || request.ingress()) {
      throw new SlipwayException(
          ErrorKind.UNAVAILABLE,
          "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to"
              + " connect this node to swarm and try again.");
    }
    if (!driver.equals(BRIDGE)) {
      throw SlipwayException.notFound("plugin \"" + driver + "\" not found");
    }
    if (!request.ipam().driver().equals("default")) {
      throw SlipwayException.invalid("invalid ipam driver \"" + request.ipam().driver() + "\"");
    }
    if (Boolean.FALSE.equals(request.enableIpv4())) {
      throw notBuilt("a network without IPv4 (--ipv4=false)");
    }
    BridgeOptions.of(request.options());
  }

  private static SlipwayException notBuilt(String what) {
    return new SlipwayException(
        ErrorKind.UNSUPPORTED, what + " is not supported yet by this engine: leave it out");
  }

  private NetworkRecord record(NetworkRequest request) throws IOException {
    List<NetworkRecord.Pool> asked = request.ipam().config();
    List<NetworkRecord.Pool> pools = request.configOnly() ? asked : pools(request);
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    String id = HexFormat.of().formatHex(bytes);
    String named = BridgeOptions.of(request.options()).name();
    return new NetworkRecord(
        id,
        request.name(),
        clock.instant(),
        request.configOnly() ? NULL_DRIVER : BRIDGE,
        request.configOnly() ? "" : named.isEmpty() ? "br-" + id.substring(0, SHORT_ID) : named,
        request.wantsIpv6(),
        request.internal(),
        request.attachable(),
        new NetworkRecord.Ipam(request.ipam().driver(), request.ipam().options(), pools),
        asked.stream().anyMatch(pool -> !pool.subnet().isEmpty()),
        request.options(),
        request.labels(),
        request.configOnly(),
        request.configName());
  }

  private List<NetworkRecord.Pool> pools(NetworkRequest request) throws IOException {
    List<IpSubnet> used = new ArrayList<>();
    list().stream()
        .map(Network::record)
        .filter(record -> !record.configOnly())
        .forEach(record -> used.addAll(NetworkPlan.subnets(record)));
    return NetworkPlan.pools(
        request.ipam().config(), request.wantsIpv6(), used, HostNetwork.read(), localPrefix());
  }

  /** RFC 4193: a prefix of this daemon's own, so that two daemons' networks can be joined. */
  private String localPrefix() {
    String hex = Digest.of(("prefix of " + daemonId).getBytes(StandardCharsets.UTF_8)).hex();
    return "fd%s:%s:%s".formatted(hex.substring(0, 2), hex.substring(2, 6), hex.substring(6, 10));
  }

  private void checkBridge(NetworkRecord record) {
    boolean taken = list().stream().anyMatch(n -> n.record().bridge().equals(record.bridge()));
    if (taken && !record.configOnly()) {
      throw new SlipwayException(
          ErrorKind.FORBIDDEN,
          "cannot create network %s (%s): conflicts with another network: networks have same bridge name"
              .formatted(record.id(), record.bridge()));
    }
  }

  /** Removes a network nobody is on. */
  void remove(Network network, AttachedContainers members) throws IOException {
    if (network.isPredefined()) {
      throw new SlipwayException(
          ErrorKind.FORBIDDEN, network.name() + " is a pre-defined network and cannot be removed");
    }
    synchronized (this) {
      ConfigNetworks.checkUnused(network, made.values());
      List<AttachedContainers.Attached> active = members.on(network.name());
      if (!active.isEmpty()) {
        AttachedContainers.Attached first = active.getFirst();
        throw new SlipwayException(
            ErrorKind.FORBIDDEN,
            "error while removing network: network %s has active endpoints (name:\"%s\" id:\"%s\")"
                .formatted(
                    network.name(),
                    first.name(),
                    first.endpoint().endpointId().substring(0, SHORT_ID)));
      }
      if (made.remove(network.id()) == null) {
        throw SlipwayException.notFound("network " + network.name() + " not found");
      }
      if (network.bridge().isPresent()) {
        network.bridge().get().close();
      }
      directory.remove(network.id());
    }
    publish("destroy", network);
  }

  private void publish(String action, Network network) {
    events.publish(
        "network", action, network.id(), Map.of("name", network.name(), "type", network.driver()));
  }

  void publishPrune() {
    events.publish("network", "prune", "", Map.of("reclaimed", "0"));
  }

  /**
   * A network's bridge, for containers to join.
   *
   * @throws SlipwayException if the machine refused it at the daemon's start
   */
  public BridgeNetwork bridgeOf(Network network) {
    ConfigNetworks.checkJoinable(network);
    return network
        .bridge()
        .orElseThrow(() ->
            new SlipwayException(
                ErrorKind.UNAVAILABLE,
                "network %s could not be set up when the daemon was started, see its log; remove it and make it again"
                    .formatted(network.name())));
  }

  /** Takes the bridges and rules down; the next daemon sets them up again. */
  @Override
  public synchronized void close() throws IOException {
    IOException failure = null;
    for (Network network : made.values()) {
      try {
        if (network.bridge().isPresent()) {
          network.bridge().get().close();
        }
      } catch (IOException e) {
        failure = e;
      }
    }
    made.clear();
    if (failure != null) {
      throw failure;
    }
  }
}
