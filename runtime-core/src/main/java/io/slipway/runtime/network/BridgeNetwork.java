package io.slipway.runtime.network;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.linux.Fd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * One bridge with its addresses, its packet rules and, if it is a network people made, the names of
 * those on it. Containers are attached by a pair of virtual interfaces, which starts no process and
 * takes one to two milliseconds; {@link Sandbox} does that.
 */
public final class BridgeNetwork implements AutoCloseable {
  private static final Path IP_FORWARD = Path.of("/proc/sys/net/ipv4/ip_forward");
  private static final Path IP6_FORWARD = Path.of("/proc/sys/net/ipv6/conf/all/forwarding");

  /** The note on bridges made here, by which a later daemon knows that it may delete them. */
  private static final String OURS = "slipway";

  private static final int ENDPOINT_ID_BYTES = 32;
  private static final int VETH_SUFFIX_BYTES = 5;

  private final BridgeDescription description;
  private final Rtnetlink routes;
  private final int index;
  private final boolean deletable;
  private final BridgeFirewall firewall;
  private final AddressPool addresses;
  private final Optional<AddressPool> addresses6;
  private final Optional<NameTable> names;
  private final SecureRandom random = new SecureRandom();

  private BridgeNetwork(
      BridgeDescription description,
      Optional<String> network,
      Rtnetlink routes,
      Rtnetlink.Link link,
      BridgeFirewall firewall) {
    this.description = description;
    this.routes = routes;
    this.index = link.index();
    this.deletable = link.alias().equals(OURS);
    this.firewall = firewall;
    this.addresses = pool(description, description.gateway());
    this.addresses6 = description.gateway6().map(gateway -> pool(description, gateway));
    this.names = network.map(NameTable::new);
  }

  private static AddressPool pool(BridgeDescription description, IpSubnet gateway) {
    return new AddressPool(gateway, description.range(gateway), description.reserved());
  }

  /**
   * Sets the bridge up, or takes over the one of that name.
   *
   * @param network the name by which a network of its own is known; on the default bridge, which
   *     has none, containers do not find each other by name
   */
  static BridgeNetwork open(BridgeDescription description, Optional<String> network)
      throws IOException {
    Rtnetlink routes = Rtnetlink.open();
    Rtnetlink.Link link = null;
    BridgeFirewall firewall = null;
    try {
      link = bridge(routes, description);
      firewall = BridgeFirewall.install(description);
      Files.writeString(IP_FORWARD, "1");
      if (description.gateway6().isPresent()) {
        Files.writeString(IP6_FORWARD, "1");
      }
      return new BridgeNetwork(description, network, routes, link, firewall);
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
    if (wanted.gateway6().isPresent()) {
      routes.addAddress(link.index(), wanted.gateway6().get());
    }
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

  public BridgeDescription description() {
    return description;
  }

  BridgeFirewall firewall() {
    return firewall;
  }

  Optional<NameTable> names() {
    return names;
  }

  /** What breaks the tie between networks when one must be a container's way out. */
  String sortName() {
    return names.map(NameTable::network).orElse("");
  }

  /** Takes addresses for a container; {@link #free} gives them back. */
  Endpoint reserve(String containerId, String interfaceName, EndpointOptions options) {
    Ipv4Address address = (Ipv4Address) take(addresses, options.address(), containerId);
    Optional<Ipv6Address> address6 = Optional.empty();
    try {
      if (addresses6.isPresent()) {
        address6 =
            Optional.of((Ipv6Address) take(addresses6.get(), options.address6(), containerId));
      } else if (options.address6().isPresent()) {
        throw SlipwayException.invalid(
            "no configured subnet or ip-range contain the IP address " + options.address6().get());
      }
    } catch (RuntimeException e) {
      addresses.free(address);
      throw e;
    }
    boolean out = description.hasWayOut();
    return new Endpoint(
        randomHex(ENDPOINT_ID_BYTES),
        interfaceName,
        new Ipv4Subnet(address, description.gateway().prefixLength()),
        out ? Optional.of(description.gateway().address()) : Optional.empty(),
        address6.map(a -> new Ipv6Subnet(a, description.gateway6().orElseThrow().prefixLength())),
        out ? description.gateway6().map(Ipv6Subnet::address) : Optional.empty(),
        options.mac().orElse(MacAddress.of(address)));
  }

  private static IpAddress take(
      AddressPool pool, Optional<? extends IpAddress> wanted, String containerId) {
    return wanted.isPresent() ? pool.take(wanted.get(), containerId) : pool.next(containerId);
  }

  /** Takes exactly the addresses of a place that is in use already. */
  void reserveAgain(String containerId, Endpoint endpoint) {
    addresses.take(endpoint.ip(), containerId);
    if (addresses6.isPresent() && endpoint.ip6().isPresent()) {
      addresses6.get().take(endpoint.ip6().get(), containerId);
    }
  }

  void free(Endpoint endpoint) {
    addresses.free(endpoint.ip());
    addresses6.ifPresent(pool -> endpoint.ip6().ifPresent(pool::free));
  }

  /** Makes the interface. */
  void plug(Endpoint endpoint, Fd namespace, Rtnetlink inside) throws IOException {
    String hostEnd = "veth" + randomHex(VETH_SUFFIX_BYTES);
    routes.addVeth(
        hostEnd,
        index,
        !description.interContainer(),
        description.mtu(),
        new Rtnetlink.Peer(endpoint.interfaceName(), endpoint.mac(), namespace));
    Rtnetlink.Link link =
        inside
            .find(endpoint.interfaceName())
            .orElseThrow(() -> new IOException("the container's interface vanished"));
    List<IpSubnet> own = new ArrayList<>(List.of(endpoint.address()));
    endpoint.address6().ifPresent(own::add);
    inside.configure(link.index(), own);
    routes.awaitCarrying(List.of(hostEnd, description.name()));
  }

  private String randomHex(int bytes) {
    byte[] value = new byte[bytes];
    random.nextBytes(value);
    return HexFormat.of().formatHex(value);
  }

  /** Takes the rules and, if it was made here, the bridge away; containers on it are cut off. */
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
