package io.slipway.runtime.network;

import java.util.Objects;

/**
 * A wish to reach a container's port through the host.
 *
 * @param hostAddress {@code 0.0.0.0} for every address of the host
 * @param hostPort 0 lets the daemon choose a free one from the ephemeral range
 */
public record PortBinding(
    PortProtocol protocol, int containerPort, Ipv4Address hostAddress, int hostPort) {
  /** Every address of the host. */
  public static final Ipv4Address ANY = new Ipv4Address(0);

  private static final int MAX_PORT = 65535;

  public PortBinding {
    Objects.requireNonNull(protocol, "protocol");
    Objects.requireNonNull(hostAddress, "hostAddress");
    if (containerPort < 1 || containerPort > MAX_PORT) {
      throw new IllegalArgumentException("invalid containerPort: " + containerPort);
    }
    if (hostPort < 0 || hostPort > MAX_PORT) {
      throw new IllegalArgumentException("invalid hostPort: " + hostPort);
    }
  }

  PortBinding withHostPort(int port) {
    return new PortBinding(protocol, containerPort, hostAddress, port);
  }
}
