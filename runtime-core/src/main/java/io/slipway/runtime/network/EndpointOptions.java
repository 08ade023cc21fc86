package io.slipway.runtime.network;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a container asks of the bridge; an empty part lets the daemon choose.
 *
 * @param containerName for the message about a port that is taken
 * @param ports published ports, in the order asked for
 */
public record EndpointOptions(
    String containerName,
    Optional<Ipv4Address> address,
    Optional<MacAddress> mac,
    List<PortBinding> ports) {
  /** No wishes: what a build step gets. */
  public static final EndpointOptions DEFAULT =
      new EndpointOptions("", Optional.empty(), Optional.empty(), List.of());

  public EndpointOptions {
    Objects.requireNonNull(containerName, "containerName");
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(mac, "mac");
    ports = List.copyOf(ports);
  }
}
