package io.slipway.runtime.network;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.spec.Namespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * One bridge with its address pool and packet rules; containers are attached by a pair of virtual
 * interfaces. Attaching starts no process and takes one to two milliseconds.
 */
final class BridgeNetwork implements AutoCloseable {
  private static final String CONTAINER_INTERFACE = "eth0";
  private static final Path IP_FORWARD = Path.of("/proc/sys/net/ipv4/ip_forward");

  /** The note on bridges made here, by which a later daemon knows that it may delete them. */
  private static final String OURS = "slipway";

  private static final int ENDPOINT_ID_BYTES = 32;
  private static final int VETH_SUFFIX_BYTES = 5;

  private final BridgeDescription description;
  private final Rtnetlink routes;
  private final int index;
  private final boolean deletable;
  private final BridgeFirewall firewall;
  private final PortPublisher ports;
  private final AddressPool addresses;
  private final NetworkNamespaces namespaces;
  private final SecureRandom random = new SecureRandom();

  private BridgeNetwork(
      BridgeDescription description,
      Rtnetlink routes,
      Rtnetlink.Link link,
      BridgeFirewall firewall,
      NetworkNamespaces namespaces)
      throws IOException {
    this.description = description;
    this.routes = routes;
    this.index = link.index();
    this.deletable = link.alias().equals(OURS);
    this.firewall = firewall;
    this.ports = new PortPublisher(firewall);
    this.addresses = new AddressPool(description.gateway());
    this.namespaces = namespaces;
  }

  /** Sets the bridge up, or takes over the one of that name. */
  static BridgeNetwork open(BridgeDescription description, NetworkNamespaces namespaces)
      throws IOException {
    Rtnetlink routes = Rtnetlink.open();
    Rtnetlink.Link link = null;
    BridgeFirewall firewall = null;
    try {
      link = bridge(routes, description);
      firewall = BridgeFirewall.install(description);
      Files.writeString(IP_FORWARD, "1");
      return new BridgeNetwork(description, routes, link, firewall, namespaces);
    } catch (IOException | RuntimeException e) {
      takeDown(routes, link, firewall, e);
      throw e;
    }
  }

  private static void takeDown(
      Rtnetlink routes, Rtnetlink.Link link, BridgeFirewall firewall, Exception failure) {
    try (routes;
        firewall) {
      if (link != null && link.alias().equals(OURS)) {
        routes.delete(link.name());
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private static Rtnetlink.Link bridge(Rtnetlink routes, BridgeDescription wanted)
      throws IOException {
    Optional<Rtnetlink.Link> existing = routes.find(wanted.name());
    if (existing.isPresent() && !existing.get().kind().equals("bridge")) {
      throw new SlipwayException(
          ErrorKind.CONFLICT,
          "interface %s exists and is not a bridge; choose another name with --bridge"
              .formatted(wanted.name()));
    }
    Rtnetlink.Link link =
        existing.isPresent()
            ? existing.get()
            : routes.addBridge(
                wanted.name(), MacAddress.of(wanted.gateway().address()), wanted.mtu(), OURS);
    address(routes, link, wanted.gateway());
    routes.setUp(link.index());
    return link;
  }

  /** A bridge left by an earlier daemon may have had another subnet. */
  private static void address(Rtnetlink routes, Rtnetlink.Link link, Ipv4Subnet gateway)
      throws IOException {
    List<Ipv4Subnet> present = routes.addresses(link.index());
    if (link.alias().equals(OURS)) {
      for (Ipv4Subnet other : present) {
        if (!other.equals(gateway)) {
          routes.removeAddress(link.index(), other);
        }
      }
    }
    if (!present.contains(gateway)) {
      routes.addAddress(link.index(), gateway);
    }
  }

  BridgeDescription description() {
    return description;
  }

  /** Gives a container an interface, an address and its published ports. */
  NetworkAttachment attach(String containerId, EndpointOptions options) throws IOException {
    Ipv4Address address =
        options.address().isPresent()
            ? addresses.take(options.address().get(), containerId)
            : addresses.next(containerId);
    NetworkNamespace namespace = null;
    try {
      namespace = namespaces.take();
      MacAddress mac = options.mac().orElse(MacAddress.of(address));
      connect(namespace, address, mac);
      String endpointId = randomHex(ENDPOINT_ID_BYTES);
      List<PortPublisher.Published> published =
          ports.publish(
              options.ports(), address, "%s (%s)".formatted(options.containerName(), endpointId));
      Endpoint endpoint =
          new Endpoint(
              endpointId,
              CONTAINER_INTERFACE,
              new Ipv4Subnet(address, description.gateway().prefixLength()),
              description.gateway().address(),
              mac,
              published.stream().map(PortPublisher.Published::port).toList());
      return new Attachment(namespace, endpoint, published);
    } catch (IOException | RuntimeException e) {
      if (namespace != null) {
        namespace.close();
      }
      addresses.free(address);
      throw e;
    }
  }

  private void connect(NetworkNamespace namespace, Ipv4Address address, MacAddress mac)
      throws IOException {
    String hostEnd = "veth" + randomHex(VETH_SUFFIX_BYTES);
    routes.addVeth(
        hostEnd,
        index,
        !description.interContainer(),
        description.mtu(),
        new Rtnetlink.Peer(CONTAINER_INTERFACE, mac, namespace.descriptor()));
    // Inside, the socket must go afterwards: it would keep the namespace alive.
    try (Rtnetlink inside = namespace.routes()) {
      Rtnetlink.Link link =
          inside
              .find(CONTAINER_INTERFACE)
              .orElseThrow(() -> new IOException("the container's interface vanished"));
      inside.configure(
          link.index(),
          new Ipv4Subnet(address, description.gateway().prefixLength()),
          description.gateway().address());
    }
    routes.awaitCarrying(List.of(hostEnd, description.name()));
  }

  private String randomHex(int bytes) {
    byte[] value = new byte[bytes];
    random.nextBytes(value);
    return HexFormat.of().formatHex(value);
  }

  /** A container's hold. The interface goes with the namespace; deleting it would take 30 ms. */
  private final class Attachment implements NetworkAttachment {
    private final NetworkNamespace namespace;
    private final Endpoint endpoint;
    private final List<PortPublisher.Published> published;
    private boolean closed;

    Attachment(
        NetworkNamespace namespace, Endpoint endpoint, List<PortPublisher.Published> published) {
      this.namespace = namespace;
      this.endpoint = endpoint;
      this.published = List.copyOf(published);
    }

    @Override
    public Namespaces.Mode namespace() {
      return new Namespaces.Join(namespace.descriptor().path());
    }

    @Override
    public Optional<Endpoint> endpoint() {
      return Optional.of(endpoint);
    }

    @Override
    public synchronized void close() throws IOException {
      if (closed) {
        return;
      }
      closed = true;
      IOException failure = null;
      for (PortPublisher.Published port : published) {
        try {
          port.close();
        } catch (IOException e) {
          failure = e;
        }
      }
      namespace.close();
      addresses.free(endpoint.address().address());
      if (failure != null) {
        throw failure;
      }
    }
  }

  @Override
  public void close() throws IOException {
    try (routes) {
      firewall.close();
      if (deletable) {
        routes.delete(description.name());
      }
    }
  }
}
