package io.slipway.engine.container;

import io.slipway.engine.model.EndpointSettings;
import io.slipway.engine.model.HostConfig;
import io.slipway.engine.network.AttachedContainers;
import io.slipway.engine.network.Network;
import io.slipway.engine.network.NetworkService;
import io.slipway.engine.state.ContainerRecord;
import io.slipway.engine.state.RunningRecord;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.runtime.network.Endpoint;
import io.slipway.runtime.network.EndpointOptions;
import io.slipway.runtime.network.Ipv4Address;
import io.slipway.runtime.network.MacAddress;
import io.slipway.runtime.network.NetworkAttachment;
import io.slipway.runtime.network.NetworkMode;
import io.slipway.runtime.network.PortBinding;
import io.slipway.runtime.network.Sandbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Containers on their networks: at start and end, and while they run. */
final class ContainerNetworking implements AttachedContainers {
  private final NetworkService networks;
  private final ContainerIndex index;
  private final ContainerStore store;
  private final ContainerFiles files;
  private final ContainerEvents events;

  ContainerNetworking(
      NetworkService networks,
      ContainerIndex index,
      ContainerStore store,
      ContainerFiles files,
      ContainerEvents events) {
    this.networks = networks;
    this.index = index;
    this.store = store;
    this.files = files;
    this.events = events;
  }

  /** A place to be taken: the network, what is asked of it, and the names to have there. */
  private record Place(Network network, EndpointSettings wanted, List<String> dnsNames) {
    EndpointOptions options(ContainerRecord record) {
      return EndpointWishes.options(record.name(), network, wanted, dnsNames);
    }

    EndpointSettings settings(Endpoint endpoint) {
      return EndpointView.settings(wanted, network, endpoint, dnsNames);
    }
  }

  private static Place place(ContainerRecord record, Network network, EndpointSettings wanted) {
    return new Place(network, wanted, EndpointWishes.dnsNames(record, network, wanted));
  }

  /** Gives a starting container its networks; its record then tells its places. */
  NetworkAttachment attach(Container container) throws IOException {
    ContainerRecord record = container.record();
    HostConfig host = record.hostConfig();
    boolean none = record.config().networkDisabled() || host.networkMode().equals("none");
    if (none || host.networkMode().equals("host")) {
      return attachAlone(container, none ? NetworkMode.NONE : NetworkMode.HOST);
    }
    List<Place> places = places(container);
    Sandbox sandbox =
        networks
            .kernel()
            .sandbox(record.id(), ports(record, places), files.upstream(record.hostConfig()));
    try {
      List<Endpoint> endpoints = sandbox.connect(connections(record, places));
      Map<String, EndpointSettings> settings = new LinkedHashMap<>();
      for (int i = 0; i < places.size(); i++) {
        settings.put(places.get(i).network().name(), places.get(i).settings(endpoints.get(i)));
      }
      container.update(r -> r.withEndpoints(settings));
      places.forEach(place -> publish("connect", place.network(), record));
      return sandbox;
    } catch (IOException | RuntimeException e) {
      sandbox.close();
      throw e;
    }
  }

  /**
   * Goes on with the networks of a container that an earlier daemon started.
   *
   * @param pid of its first process
   */
  NetworkAttachment adopt(ContainerRecord record, RunningRecord running, int pid)
      throws IOException {
    if (record.hostConfig().networkMode().equals("host")) {
      return networks.kernel().attach(NetworkMode.HOST, record.id(), EndpointOptions.DEFAULT);
    }
    List<Place> places = new ArrayList<>();
    List<Endpoint> taken = new ArrayList<>();
    record
        .endpoints()
        .forEach((name, settings) -> {
          Optional<Network> network = networks.tryFind(name).filter(n -> n.bridge().isPresent());
          String own = running.interfaces().get(settings.endpointId());
          if (network.isPresent() && own != null) {
            places.add(new Place(network.get(), settings, settings.dnsNames()));
            taken.add(EndpointView.endpoint(settings, own));
          }
        });
    Sandbox sandbox =
        networks
            .kernel()
            .adopt(
                record.id(),
                Path.of("/proc/" + pid + "/ns/net"),
                ports(record, places, running.hostPorts()),
                files.upstream(record.hostConfig()));
    try {
      sandbox.resume(connections(record, places), taken);
      return sandbox;
    } catch (IOException | RuntimeException e) {
      sandbox.close();
      throw e;
    }
  }

  /** The same ports as before, as far as they were published. */
  private static List<PortBinding> ports(
      ContainerRecord record, List<Place> places, List<Integer> hostPorts) {
    List<PortBinding> wanted = new ArrayList<>(ports(record, places));
    for (int i = 0; i < Math.min(wanted.size(), hostPorts.size()); i++) {
      wanted.set(i, wanted.get(i).withHostPort(hostPorts.get(i)));
    }
    return wanted;
  }

  private NetworkAttachment attachAlone(Container container, NetworkMode mode) throws IOException {
    ContainerRecord record = container.record();
    Network network = networks.find(mode == NetworkMode.NONE ? "none" : "host");
    EndpointSettings settings =
        EndpointSettings.EMPTY.withPlace(
            network.id(), endpointId(record, network), EndpointSettings.EMPTY);
    NetworkAttachment attachment =
        networks.kernel().attach(mode, record.id(), EndpointOptions.DEFAULT);
    container.update(r -> r.withEndpoints(Map.of(network.name(), settings)));
    publish("connect", network, record);
    return attachment;
  }

  /** There is nothing behind it, but clients want to see one. */
  private static String endpointId(ContainerRecord record, Network network) {
    byte[] seed = (record.id() + " on " + network.id()).getBytes(StandardCharsets.UTF_8);
    return Digest.of(seed).hex();
  }

  private List<Place> places(Container container) {
    List<Place> places = new ArrayList<>();
    for (Map.Entry<String, EndpointSettings> one : ContainerViews.networks(container).entrySet()) {
      Network network =
          networks
              .tryFind(one.getKey())
              .orElseThrow(() ->
                  SlipwayException.notFound(
                      "failed to set up container networking: network "
                          + one.getKey()
                          + " not found"));
      EndpointWishes.check(network, one.getValue());
      places.add(place(container.record(), network, one.getValue()));
    }
    return places;
  }

  private List<Sandbox.Connection> connections(ContainerRecord record, List<Place> places) {
    return places.stream()
        .map(place ->
            new Sandbox.Connection(networks.bridgeOf(place.network()), place.options(record)))
        .toList();
  }

  private static List<PortBinding> ports(ContainerRecord record, List<Place> places) {
    return PortParser.bindings(
        record.config(),
        record.hostConfig(),
        places.stream().findFirst().flatMap(place -> place.network().hostBinding()));
  }

  /** After the end: what the networks gave is gone, what was asked of them stays. */
  void released(Container container) {
    ContainerRecord record = container.record();
    record
        .endpoints()
        .keySet()
        .forEach(name -> networks.tryFind(name).ifPresent(n -> publish("disconnect", n, record)));
    container.update(ContainerNetworking::withoutPlaces);
  }

  /** What was asked of the networks, without what they gave. */
  static ContainerRecord withoutPlaces(ContainerRecord record) {
    Map<String, EndpointSettings> wishes = new LinkedHashMap<>();
    record.endpoints().forEach((name, settings) -> wishes.put(name, wishes(settings)));
    return record.withEndpoints(wishes);
  }

  /** A hardware address made from the IPv4 address was not asked for. */
  private static EndpointSettings wishes(EndpointSettings settings) {
    EndpointSettings wishes = settings.wishes();
    boolean given =
        !settings.ipAddress().isEmpty()
            && settings
                .macAddress()
                .equals(MacAddress.of(Ipv4Address.parse(settings.ipAddress())).toString());
    return given ? wishes.withMac("") : wishes;
  }

  private void publish(String action, Network network, ContainerRecord record) {
    events.network(action, network.id(), network.name(), network.driver(), record.id());
  }

  /** Whether it asks our own name server. */
  static boolean hasNameServer(ContainerRecord record) {
    return record.endpoints().values().stream().anyMatch(e -> !e.dnsNames().isEmpty());
  }

  @Override
  public List<Attached> on(String network) {
    List<Attached> attached = new ArrayList<>();
    for (Container container : index.all()) {
      EndpointSettings endpoint = container.record().endpoints().get(network);
      if (endpoint != null && !endpoint.endpointId().isEmpty() && container.run().isPresent()) {
        attached.add(new Attached(container.id(), container.record().name(), endpoint));
      }
    }
    return attached;
  }

  @Override
  public void connect(Network network, String name, EndpointSettings asked) throws IOException {
    Container container = index.get(name);
    container.lifecycle().lock();
    try {
      ContainerRecord record = container.record();
      EndpointSettings wanted = asked.wishes();
      checkConnect(network, record);
      EndpointWishes.check(network, wanted);
      Optional<Container.Run> run = container.run();
      if (run.isEmpty()) {
        save(container, all -> all.put(network.name(), wanted));
        return;
      }
      Place place = place(record, network, wanted);
      Sandbox sandbox = sandbox(run.get());
      boolean hadNameServer = hasNameServer(record);
      Endpoint endpoint = sandbox.connect(connections(record, List.of(place))).getFirst();
      EndpointSettings taken = place.settings(endpoint);
      save(container, all -> all.put(network.name(), taken));
      files.joined(store.directory(record.id()), container.record(), taken, !hadNameServer);
      publish("connect", network, record);
    } finally {
      container.lifecycle().unlock();
    }
  }

  private static void checkConnect(Network network, ContainerRecord record) {
    String mode = record.hostConfig().networkMode();
    if (network.driver().equals("host") || mode.equals("host")) {
      throw SlipwayException.invalid(
          "container cannot be disconnected from host network or connected to host network");
    }
    if (network.driver().equals("null") || mode.equals("none")) {
      throw SlipwayException.invalid(
          "container cannot be connected to multiple networks with one of the networks in private"
              + " (none) mode");
    }
    if (mode.startsWith("container:")) {
      throw SlipwayException.invalid(
          "container sharing network namespace with another container or host cannot be connected"
              + " to any other network");
    }
    if (record.endpoints().containsKey(network.name())) {
      throw new SlipwayException(
          ErrorKind.FORBIDDEN,
          "endpoint with name %s already exists in network %s"
              .formatted(record.name(), network.name()));
    }
  }

  private static Sandbox sandbox(Container.Run run) {
    if (run.network() instanceof Sandbox sandbox) {
      return sandbox;
    }
    throw SlipwayException.invalid("the container has no network of its own to change");
  }

  @Override
  public void disconnect(Network network, String name, boolean force) throws IOException {
    Container container = index.get(name);
    container.lifecycle().lock();
    try {
      ContainerRecord record = container.record();
      if (network.driver().equals("host")) {
        throw SlipwayException.invalid(
            "container cannot be disconnected from host network or connected to host network");
      }
      EndpointSettings place = record.endpoints().get(network.name());
      if (place == null) {
        throw new SlipwayException(
            ErrorKind.INTERNAL,
            "container %s is not connected to network %s".formatted(record.id(), network.name()));
      }
      Optional<Container.Run> run = container.run();
      if (run.isPresent()) {
        sandbox(run.get()).disconnect(networks.bridgeOf(network));
        files.left(store.directory(record.id()), place);
        publish("disconnect", network, record);
      }
      save(container, all -> all.remove(network.name()));
    } finally {
      container.lifecycle().unlock();
    }
  }

  /** A change of the map of places. */
  @FunctionalInterface
  private interface Change {
    void apply(Map<String, EndpointSettings> endpoints);
  }

  private void save(Container container, Change change) throws IOException {
    UnaryOperator<ContainerRecord> update =
        record -> {
          Map<String, EndpointSettings> all = new LinkedHashMap<>(record.endpoints());
          change.apply(all);
          return record.withEndpoints(all);
        };
    store.save(container.update(update));
    store.markRunning(container);
  }

  /** The others find it by its new name. */
  void renamed(Container container) throws IOException {
    Optional<Container.Run> run = container.run();
    if (run.isEmpty() || !(run.get().network() instanceof Sandbox sandbox)) {
      return;
    }
    ContainerRecord record = container.record();
    Map<String, EndpointSettings> renamed = new LinkedHashMap<>();
    record
        .endpoints()
        .forEach((name, settings) -> {
          Optional<Network> network = networks.tryFind(name).filter(n -> !n.isPredefined());
          List<String> names =
              network.map(n -> EndpointWishes.dnsNames(record, n, settings)).orElse(List.of());
          network.flatMap(Network::bridge).ifPresent(b -> sandbox.setNames(b, names));
          renamed.put(name, settings.withNames(names));
        });
    save(container, all -> all.putAll(renamed));
  }
}
