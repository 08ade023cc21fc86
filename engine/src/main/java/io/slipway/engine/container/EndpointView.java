package io.slipway.engine.container;

import io.slipway.engine.model.EndpointSettings;
import io.slipway.engine.model.HostConfig;
import io.slipway.engine.network.Network;
import io.slipway.runtime.network.Endpoint;
import io.slipway.runtime.network.Ipv4Address;
import io.slipway.runtime.network.Ipv6Address;
import io.slipway.runtime.network.Ipv6Subnet;
import io.slipway.runtime.network.PublishedPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
