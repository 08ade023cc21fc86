package io.slipway.engine.container;

import io.slipway.engine.model.EndpointSettings;
import io.slipway.engine.model.HostConfig;
import io.slipway.engine.network.Network;
import io.slipway.runtime.network.Endpoint;
import io.slipway.runtime.network.Ipv4Address;
import io.slipway.runtime.network.Ipv4Subnet;
import io.slipway.runtime.network.Ipv6Address;
import io.slipway.runtime.network.Ipv6Subnet;
import io.slipway.runtime.network.MacAddress;
import io.slipway.runtime.network.PublishedPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A container's place on its network, as the API shows it. */
final class EndpointView {
  private EndpointView() {}

  static EndpointSettings settings(
      EndpointSettings wanted, Network network, Endpoint endpoint, List<String> dnsNames) {
    EndpointSettings place =
        new EndpointSettings(
            null,
            null,
            null,
            endpoint.mac().toString(),
            null,
            0,
            "",
            "",
            endpoint.gateway().map(Ipv4Address::toString).orElse(""),
            endpoint.address().address().toString(),
            endpoint.address().prefixLength(),
            endpoint.gateway6().map(Ipv6Address::toString).orElse(""),
            endpoint.address6().map(a -> a.address().toString()).orElse(""),
            endpoint.address6().map(Ipv6Subnet::prefixLength).orElse(0),
            dnsNames);
    return wanted.withPlace(network.id(), endpoint.endpointId(), place);
  }

  /** The place that {@link #settings} shows. */
  static Endpoint endpoint(EndpointSettings shown, String interfaceName) {
    String address6 = shown.globalIpv6Address();
    return new Endpoint(
        shown.endpointId(),
        interfaceName,
        new Ipv4Subnet(Ipv4Address.parse(shown.ipAddress()), shown.ipPrefixLen()),
        given(shown.gateway()).map(Ipv4Address::parse),
        given(address6)
            .map(text -> new Ipv6Subnet(Ipv6Address.parse(text), shown.globalIpv6PrefixLen())),
        given(shown.ipv6Gateway()).map(Ipv6Address::parse),
        MacAddress.parse(shown.macAddress()));
  }

  private static Optional<String> given(String text) {
    return Optional.of(text).filter(t -> !t.isEmpty());
  }

  /** Exposed ports to where they are published; null for those that are not. */
  static Map<String, List<HostConfig.PortBinding>> ports(
      Iterable<String> exposed, List<PublishedPort> published) {
    Map<String, List<HostConfig.PortBinding>> all = new TreeMap<>();
    exposed.forEach(port -> all.put(PortParser.port(port).toString(), null));
    for (PublishedPort one : published) {
      String port = one.containerPort() + "/" + one.protocol().label();
      List<HostConfig.PortBinding> places =
          all.get(port) == null ? new ArrayList<>() : new ArrayList<>(all.get(port));
      places.add(
          new HostConfig.PortBinding(
              one.hostAddress().toString(), Integer.toString(one.hostPort())));
      all.put(port, places);
    }
    return all;
  }
}
