package io.slipway.runtime.network;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a container asks of one bridge; an empty part lets the daemon choose.
 *
 * @param containerName for the message about a port that is taken
 * @param names by which others on the network find it, its own first
 * @param links names only this container knows, and whom on the network they mean
 * @param gatewayPriority of its networks, the one with the highest is its way out
 */
public record EndpointOptions(
    String containerName,
    Optional<Ipv4Address> address,
    Optional<Ipv6Address> address6,
    Optional<MacAddress> mac,
    List<String> names,
    Map<String, String> links,
    int gatewayPriority) {
  /** No wishes: what a build step gets. */
  public static final EndpointOptions DEFAULT = named("");

  public EndpointOptions {
    Objects.requireNonNull(containerName, "containerName");
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(address6, "address6");
    Objects.requireNonNull(mac, "mac");
    names = List.copyOf(names);
    links = Map.copyOf(links);
  }

  /** No wishes, for a container of this name. */
  public static EndpointOptions named(String containerName) {
    return new EndpointOptions(
        containerName,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Map.of(),
        0);
  }
}
