package io.slipway.runtime.network;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.util.Optional;

/**
 * Ports of a machine whose network is not the daemon's: opened there by another program, which
 * carries what arrives to the same port of every address here. So containers with the daemon's own
 * network, and the daemon, reach them as well.
 */
record ForwardedPorts(UserNetwork network) implements HostPorts {
  private static final System.Logger LOG = System.getLogger(ForwardedPorts.class.getName());

  @Override
  public Held hold(PortBinding port, Ipv4Address container) throws IOException {
    if (port.protocol() == PortProtocol.SCTP || !port.includes(NftFamily.IPV4)) {
      throw new SlipwayException(
          ErrorKind.UNSUPPORTED,
          "a daemon without root publishes TCP and UDP ports at IPv4 addresses only, not %s:%d/%s"
              .formatted(port.shownAddress(), port.hostPort(), port.protocol().label()));
    }
    PortBinding inside =
        port.hostAddress().isEmpty()
            ? port
            : new PortBinding(
                port.protocol(),
                port.containerPort(),
                Optional.of(PortBinding.ANY),
                port.hostPort(),
                port.lastHostPort());
    PortProxy proxy = PortProxy.open(inside, container);
    try {
      return new Held(inside, new Forwarded(network, network.open(port), proxy));
    } catch (IOException | RuntimeException e) {
      proxy.close();
      throw e;
    }
  }

  @Override
  public boolean hasIpv6() {
    return false;
  }

  private record Forwarded(UserNetwork network, long id, PortProxy proxy) implements PortProxy {
    @Override
    public void close() {
      try {
        network.close(id);
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "a published port stays open: " + e.getMessage());
      } finally {
        proxy.close();
      }
    }
  }
}
