package io.slipway.runtime.network;

import java.util.Objects;
import java.util.Optional;

/**
 * A container's place on a bridge.
 *
 * @param interfaceName inside the container, {@code eth0}
 * @param gateway empty on a network without a way out
 * @param address6 on networks with IPv6
 */
public record Endpoint(
    String endpointId,
    String interfaceName,
    Ipv4Subnet address,
    Optional<Ipv4Address> gateway,
    Optional<Ipv6Subnet> address6,
    Optional<Ipv6Address> gateway6,
    MacAddress mac) {
  public Endpoint {
    Objects.requireNonNull(endpointId, "endpointId");
    Objects.requireNonNull(interfaceName, "interfaceName");
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(gateway, "gateway");
    Objects.requireNonNull(address6, "address6");
    Objects.requireNonNull(gateway6, "gateway6");
    Objects.requireNonNull(mac, "mac");
  }

  Ipv4Address ip() {
    return address.address();
  }

  Optional<Ipv6Address> ip6() {
    return address6.map(Ipv6Subnet::address);
  }
}
