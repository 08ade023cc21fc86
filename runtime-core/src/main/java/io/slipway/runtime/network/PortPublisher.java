package io.slipway.runtime.network;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Publishes ports of one bridge's containers: a packet rule and a proxy for each. */
final class PortPublisher {
  private static final Path EPHEMERAL = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
  private static final int RANGE_BYTES = 64;

  /** A port on the loopback address needs only the proxy. */
  private static final long NO_RULE = -1;

  private record Slot(PortProtocol protocol, int hostPort, Ipv4Address address) {
    static Slot of(PortBinding port) {
      return new Slot(port.protocol(), port.hostPort(), port.hostAddress());
    }

    /** The same port on "every address" and on a certain one exclude each other. */
    boolean collidesWith(Slot other) {
      return protocol == other.protocol
          && hostPort == other.hostPort
          && (address.equals(other.address)
              || address.equals(PortBinding.ANY)
              || other.address.equals(PortBinding.ANY));
    }
  }

  private final BridgeFirewall firewall;
  private final Set<Slot> taken = ConcurrentHashMap.newKeySet();
  private final int first;
  private final int last;
  private int nextEphemeral;

  PortPublisher(BridgeFirewall firewall) throws IOException {
    this.firewall = firewall;
    String[] range = ephemeralRange().split("\\s+");
    this.first = Integer.parseInt(range[0]);
    this.last = Integer.parseInt(range[1]);
    this.nextEphemeral = first;
  }

  private static String ephemeralRange() throws IOException {
    // A sysctl gives its value to the first read only, so that one must be long enough.
    try (InputStream in = Files.newInputStream(EPHEMERAL)) {
      return new String(in.readNBytes(RANGE_BYTES), StandardCharsets.US_ASCII).strip();
    }
  }

  /** A port that is published until it is closed. */
  final class Published implements AutoCloseable {
    private final PortBinding port;
    private final PortProxy proxy;
    private final long rule;

    private Published(PortBinding port, PortProxy proxy, long rule) {
      this.port = port;
      this.proxy = proxy;
      this.rule = rule;
    }

    PortBinding port() {
      return port;
    }

    @Override
    public void close() throws IOException {
      try {
        if (rule != NO_RULE) {
          firewall.unpublish(rule);
        }
      } finally {
        proxy.close();
        taken.remove(Slot.of(port));
      }
    }
  }

  /**
   * Publishes all or none.
   *
   * @param endpoint how the container is named in the message about a taken port
   */
  List<Published> publish(List<PortBinding> ports, Ipv4Address container, String endpoint)
      throws IOException {
    List<Published> done = new ArrayList<>();
    try {
      for (PortBinding port : ports) {
        done.add(publish(port, container, endpoint));
      }
      return done;
    } catch (IOException | RuntimeException e) {
      closeAll(done, e);
      throw e;
    }
  }

  private static void closeAll(List<Published> ports, Exception failure) {
    for (Published port : ports) {
      try {
        port.close();
      } catch (IOException e) {
        failure.addSuppressed(e);
      }
    }
  }

  private Published publish(PortBinding wanted, Ipv4Address container, String endpoint)
      throws IOException {
    Held held =
        wanted.hostPort() == 0 ? holdAny(wanted, container) : hold(wanted, container, endpoint);
    PortBinding port = held.port();
    try {
      boolean loopbackOnly = port.hostAddress().toInetAddress().isLoopbackAddress();
      long rule = loopbackOnly ? NO_RULE : firewall.publish(port, container);
      return new Published(port, held.proxy(), rule);
    } catch (IOException e) {
      held.proxy().close();
      taken.remove(Slot.of(port));
      throw e;
    }
  }

  private record Held(PortBinding port, PortProxy proxy) {}

  private Held hold(PortBinding port, Ipv4Address container, String endpoint) throws IOException {
    String failed = "driver failed programming external connectivity on endpoint " + endpoint;
    if (!reserve(port)) {
      throw new SlipwayException(
          ErrorKind.CONFLICT,
          "%s: Bind for %s:%d failed: port is already allocated"
              .formatted(failed, port.hostAddress(), port.hostPort()));
    }
    try {
      return new Held(port, PortProxy.open(port, container));
    } catch (BindException e) {
      taken.remove(Slot.of(port));
      throw new SlipwayException(
          ErrorKind.CONFLICT,
          "%s: failed to bind host port for %s:%d:%s:%d/%s: %s"
              .formatted(
                  failed,
                  port.hostAddress(),
                  port.hostPort(),
                  container,
                  port.containerPort(),
                  port.protocol().label(),
                  e.getMessage().toLowerCase(Locale.ROOT)),
          e);
    } catch (IOException e) {
      taken.remove(Slot.of(port));
      throw e;
    }
  }

  private Held holdAny(PortBinding wanted, Ipv4Address container) throws IOException {
    for (int tries = 0; tries <= last - first; tries++) {
      PortBinding port = wanted.withHostPort(nextEphemeral());
      if (!reserve(port)) {
        continue;
      }
      try {
        return new Held(port, PortProxy.open(port, container));
      } catch (BindException e) {
        // Another program has it; the next number is tried.
        taken.remove(Slot.of(port));
      }
    }
    throw new SlipwayException(ErrorKind.UNAVAILABLE, "all ports are allocated");
  }

  private synchronized int nextEphemeral() {
    int port = nextEphemeral;
    nextEphemeral = port == last ? first : port + 1;
    return port;
  }

  private synchronized boolean reserve(PortBinding port) {
    Slot slot = Slot.of(port);
    return taken.stream().noneMatch(slot::collidesWith) && taken.add(slot);
  }
}
