package io.slipway.runtime.network;

import java.util.List;
import java.util.Objects;

/**
 * A container's place on a bridge.
 *
 * @param interfaceName inside the container, {@code eth0}
 * @param ports what is published, with the host ports that were chosen
 */
public record Endpoint(
    String endpointId,
    String interfaceName,
    Ipv4Subnet address,
    Ipv4Address gateway,
    MacAddress mac,
    List<PortBinding> ports) {
  public Endpoint {
    Objects.requireNonNull(endpointId, "endpointId");
    Objects.requireNonNull(interfaceName, "interfaceName");
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(gateway, "gateway");
    Objects.requireNonNull(mac, "mac");
    ports = List.copyOf(ports);
  }
}
