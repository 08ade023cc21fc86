package io.slipway.runtime.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Ports of the machine, for those who want to reach a container. */
interface HostPorts {

  /**
   * A port that is taken until the proxy is closed.
   *
   * @param inside the same port in the daemon's own network, where packets for it arrive
   */
  record Held(PortBinding inside, PortProxy proxy) {}

  /**
   * Takes a port, so that nobody else can.
   *
   * @throws java.net.BindException if it cannot be had
   */
  Held hold(PortBinding port, Ipv4Address container) throws IOException;

  /** Whether a port at every address is one of IPv6, too. */
  boolean hasIpv6();

  /** Those of the daemon's own network. */
  record Own() implements HostPorts {
    private static final Path IPV6_ADDRESSES = Path.of("/proc/net/if_inet6");

    @Override
    public Held hold(PortBinding port, Ipv4Address container) throws IOException {
      return new Held(port, PortProxy.open(port, container));
    }

    @Override
    public boolean hasIpv6() {
      return Files.exists(IPV6_ADDRESSES);
    }
  }
}
