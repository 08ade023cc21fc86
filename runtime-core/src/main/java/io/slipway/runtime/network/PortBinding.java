package io.slipway.runtime.network;

import java.util.Objects;
import java.util.Optional;

/**
 * A wish to reach a container's port through the host.
 *
 * @param hostAddress empty for every address of the host, in both families
 * @param hostPort 0 lets the daemon choose a free one from the ephemeral range
 * @param lastHostPort the daemon chooses a free one from {@code hostPort} to this
 */
public record PortBinding(
    PortProtocol protocol,
    int containerPort,
    Optional<IpAddress> hostAddress,
    int hostPort,
    int lastHostPort) {
  /** Every IPv4 address of the host. */
  public static final Ipv4Address ANY = new Ipv4Address(0);

  /** Every IPv6 address of the host. */
  public static final Ipv6Address ANY6 = new Ipv6Address(0, 0);

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
    if (lastHostPort < hostPort || lastHostPort > MAX_PORT) {
      throw new IllegalArgumentException("invalid hostPort: " + hostPort + "-" + lastHostPort);
    }
  }

  /** One certain port, or any for 0, at one address. */
  public PortBinding(PortProtocol protocol, int containerPort, IpAddress at, int hostPort) {
    this(protocol, containerPort, Optional.of(at), hostPort, hostPort);
  }

  /** The host's address as messages show it. */
  String shownAddress() {
    return hostAddress.map(IpAddress::toString).orElse("0.0.0.0");
  }

  /** The same at one certain port of the host. */
  public PortBinding withHostPort(int port) {
    return new PortBinding(protocol, containerPort, hostAddress, port, port);
  }

  /** Whether hosts of the family reach it. */
  boolean includes(NftFamily family) {
    return hostAddress.isEmpty()
        || hostAddress.get() instanceof Ipv4Address == (family == NftFamily.IPV4);
  }

  /** Whether it is for one address of the host alone. */
  boolean isAtOneAddress() {
    return hostAddress.isPresent()
        && !hostAddress.get().equals(ANY)
        && !hostAddress.get().equals(ANY6);
  }

  /** Whether only this machine itself can reach it. */
  boolean isLoopback() {
    return hostAddress.isPresent() && hostAddress.get().isLoopback();
  }

  /** Whether both would need the same socket of the host. */
  boolean collidesWith(PortBinding other) {
    return protocol == other.protocol && hostPort == other.hostPort && overlaps(other);
  }

  private boolean overlaps(PortBinding other) {
    if (hostAddress.isEmpty() || other.hostAddress.isEmpty()) {
      return true;
    }
    IpAddress mine = hostAddress.get();
    IpAddress theirs = other.hostAddress.get();
    boolean oneFamily = mine instanceof Ipv4Address == theirs instanceof Ipv4Address;
    return oneFamily && (!isAtOneAddress() || !other.isAtOneAddress() || mine.equals(theirs));
  }
}
