package io.slipway.engine.network;

import io.slipway.engine.state.NetworkRecord;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.network.BridgeDescription;
import io.slipway.runtime.network.HostNetwork;
import io.slipway.runtime.network.IpAddress;
import io.slipway.runtime.network.IpSubnet;
import io.slipway.runtime.network.Ipv4Subnet;
import io.slipway.runtime.network.Ipv6Subnet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which addresses a new network gets, and what bridge a network is. Pure. */
final class NetworkPlan {
  private static final int GATEWAY = 1;
  private static final int LOCAL_POOLS = 1 << 16;

  private NetworkPlan() {}

  /**
   * The pools of a new network: those asked for, checked and completed; Docker's where none is.
   *
   * @param used subnets of this daemon's networks
   * @param local this daemon's own IPv6 prefix, {@code fd12:3456:789a}
   */
  static List<NetworkRecord.Pool> pools(
      List<NetworkRecord.Pool> asked,
      boolean ipv6,
      List<IpSubnet> used,
      HostNetwork host,
      String local) {
    List<NetworkRecord.Pool> all = new ArrayList<>();
    Optional<NetworkRecord.Pool> four = ofFamily(asked, false);
    all.add(four.isPresent() ? complete(four.get(), used) : freePool(used, host));
    Optional<NetworkRecord.Pool> six = ofFamily(asked, true);
    if (ipv6) {
      all.add(six.isPresent() ? complete(six.get(), used) : freePool6(used, local));
    } else if (six.isPresent()) {
      throw SlipwayException.invalid(
          "invalid network config: subnet "
              + six.get().subnet()
              + " is an IPv6 block, and IPv6 is not enabled for this network");
    }
    return all;
  }

  private static Optional<NetworkRecord.Pool> ofFamily(
      List<NetworkRecord.Pool> asked, boolean six) {
    List<NetworkRecord.Pool> found = new ArrayList<>();
    for (NetworkRecord.Pool pool : asked) {
      boolean empty = pool.subnet().isEmpty() && pool.gateway().isEmpty();
      if (pool.subnet().isEmpty() && !(empty && pool.ipRange().isEmpty())) {
        throw SlipwayException.invalid(
            "invalid network config: an ip-range or a gateway needs a subnet");
      }
      if (!empty && pool.subnet().contains(":") == six) {
        found.add(pool);
      }
    }
    if (found.size() > 1) {
      throw new SlipwayException(
          ErrorKind.FORBIDDEN,
          "bridge driver does not support more than one subnet of a family: "
              + found.get(1).subnet());
    }
    return found.stream().findFirst();
  }

  private static NetworkRecord.Pool complete(NetworkRecord.Pool asked, List<IpSubnet> used) {
    IpSubnet subnet = subnet("subnet", asked.subnet());
    if (!subnet.address().equals(subnet.network())) {
      throw SlipwayException.invalid(
          "invalid network config:\ninvalid subnet %s: it should be %s"
              .formatted(asked.subnet(), subnet.networkText()));
    }
    if (!asked.ipRange().isEmpty()) {
      inside(subnet, "ip-range", subnet("ip-range", asked.ipRange()).network(), asked.ipRange());
    }
    asked.auxiliaryAddresses().values().forEach(a -> inside(subnet, "auxiliary address", a));
    if (used.stream().anyMatch(subnet::overlaps)) {
      throw new SlipwayException(
          ErrorKind.FORBIDDEN,
          "invalid pool request: Pool overlaps with other one on this address space");
    }
    String gateway =
        asked.gateway().isEmpty()
            ? firstFree(subnet, asked)
            : inside(subnet, "gateway", asked.gateway()).toString();
    return new NetworkRecord.Pool(
        asked.subnet(), asked.ipRange(), gateway, asked.auxiliaryAddresses());
  }

  /** Docker takes the first address of the range, or of the subnet, that is nobody's. */
  private static String firstFree(IpSubnet subnet, NetworkRecord.Pool asked) {
    long first =
        asked.ipRange().isEmpty()
            ? GATEWAY
            : Math.max(GATEWAY, subnet.offsetOf(IpSubnet.parse(asked.ipRange()).network()));
    String chosen = subnet.at(first).toString();
    while (asked.auxiliaryAddresses().containsValue(chosen)) {
      first++;
      chosen = subnet.at(first).toString();
    }
    return chosen;
  }

  private static IpSubnet subnet(String what, String text) {
    try {
      return IpSubnet.parse(text);
    } catch (IllegalArgumentException e) {
      throw SlipwayException.invalid(
          "invalid network config:\ninvalid %s %s: %s".formatted(what, text, e.getMessage()));
    }
  }

  private static IpAddress inside(IpSubnet subnet, String what, String text) {
    try {
      // People also write a gateway with the subnet's length behind it.
      IpAddress address = IpAddress.parse(text.split("/", 2)[0]);
      inside(subnet, what, address, text);
      return address;
    } catch (IllegalArgumentException e) {
      throw SlipwayException.invalid(
          "invalid network config:\ninvalid %s %s: %s".formatted(what, text, e.getMessage()));
    }
  }

  private static void inside(IpSubnet subnet, String what, IpAddress address, String text) {
    if (!subnet.contains(address)) {
      throw SlipwayException.invalid(
          "invalid network config:\ninvalid %s %s: it is not in subnet %s"
              .formatted(what, text, subnet.networkText()));
    }
  }

  private static NetworkRecord.Pool freePool(List<IpSubnet> used, HostNetwork host) {
    return HostNetwork.pools().stream()
        .filter(pool -> host.isFree(pool) && used.stream().noneMatch(pool::overlaps))
        .findFirst()
        .map(pool -> pool(pool))
        .orElseThrow(() ->
            new SlipwayException(
                ErrorKind.INTERNAL, "all predefined address pools have been fully subnetted"));
  }

  private static NetworkRecord.Pool freePool6(List<IpSubnet> used, String local) {
    for (int i = 0; i < LOCAL_POOLS; i++) {
      IpSubnet pool = IpSubnet.parse("%s:%x::1/64".formatted(local, i));
      if (used.stream().noneMatch(pool::overlaps)) {
        return pool(pool);
      }
    }
    throw new SlipwayException(
        ErrorKind.INTERNAL, "all predefined address pools have been fully subnetted");
  }

  private static NetworkRecord.Pool pool(IpSubnet gateway) {
    return new NetworkRecord.Pool(
        gateway.networkText(), "", gateway.address().toString(), Map.of());
  }

  /** The subnets of a network. */
  static List<IpSubnet> subnets(NetworkRecord network) {
    return network.ipam().config().stream().map(pool -> IpSubnet.parse(pool.subnet())).toList();
  }

  /** The bridge of a network of that driver. */
  static BridgeDescription bridge(NetworkRecord network) {
    BridgeOptions options = BridgeOptions.of(network.options());
    List<IpSubnet> gateways = new ArrayList<>();
    List<IpSubnet> ranges = new ArrayList<>();
    List<IpAddress> reserved = new ArrayList<>();
    for (NetworkRecord.Pool pool : network.ipam().config()) {
      String length = pool.subnet().substring(pool.subnet().indexOf('/'));
      gateways.add(IpSubnet.parse(pool.gateway() + length));
      if (!pool.ipRange().isEmpty()) {
        ranges.add(IpSubnet.parse(pool.ipRange()));
      }
      pool.auxiliaryAddresses().values().forEach(a -> reserved.add(IpAddress.parse(a)));
    }
    try {
      BridgeDescription description =
          BridgeDescription.of(network.bridge(), (Ipv4Subnet) gateways.getFirst(), options.mtu())
              .with(options.masquerade(), options.interContainer(), network.internal())
              .with(ranges, reserved);
      return gateways.size() == 1 ? description : description.with((Ipv6Subnet) gateways.get(1));
    } catch (IllegalArgumentException e) {
      throw SlipwayException.invalid(e.getMessage());
    }
  }

  /** How the default bridge is shown: as if it had been asked for with all these options. */
  static NetworkRecord.Ipam ipam(BridgeDescription bridge) {
    return new NetworkRecord.Ipam("default", null, List.of(pool(bridge.gateway())));
  }

  static Map<String, String> options(BridgeDescription bridge) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put(BridgeOptions.DEFAULT_BRIDGE, "true");
    options.put(BridgeOptions.ICC, Boolean.toString(bridge.interContainer()));
    options.put(BridgeOptions.MASQUERADE, Boolean.toString(bridge.masquerade()));
    options.put(BridgeOptions.HOST_BINDING, "0.0.0.0");
    options.put(BridgeOptions.NAME, bridge.name());
    options.put(BridgeOptions.MTU, Integer.toString(bridge.mtu()));
    return options;
  }
}
