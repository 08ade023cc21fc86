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

/** Publishes ports of a daemon's containers: a packet rule for each family and a proxy. */
final class PortPublisher {
  private static final Path EPHEMERAL = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
  private static final int RANGE_BYTES = 64;

  private final Set<PortBinding> taken = ConcurrentHashMap.newKeySet();
  private final HostPorts host;
  private final int first;
  private final int last;
  private int nextEphemeral;

  PortPublisher(HostPorts host) throws IOException {
    this.host = host;
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
    private final PortBinding binding;
    private final PortProxy proxy;
    private final BridgeFirewall firewall;
    private final List<BridgeFirewall.PortRule> rules;

    private Published(Held held, BridgeFirewall firewall, List<BridgeFirewall.PortRule> rules) {
      this.binding = held.port();
      this.proxy = held.at().proxy();
      this.firewall = firewall;
      this.rules = List.copyOf(rules);
    }

    /** The wish, with the host port that was chosen. */
    PortBinding binding() {
      return binding;
    }

    List<PublishedPort> shown() {
      return PublishedPort.of(binding, host.hasIpv6());
    }

    @Override
    public void close() throws IOException {
      try {
        for (BridgeFirewall.PortRule rule : rules) {
          firewall.unpublish(rule);
        }
      } finally {
        proxy.close();
        taken.remove(binding);
      }
    }
  }

  /**
   * Publishes all or none.
   *
   * @param label how the container is named in the message about a taken port
   */
  List<Published> publish(
      List<PortBinding> ports, Endpoint container, BridgeFirewall firewall, String label)
      throws IOException {
    List<Published> done = new ArrayList<>();
    try {
      for (PortBinding port : ports) {
        done.add(publish(port, container, firewall, label));
      }
      return List.copyOf(done);
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

  private Published publish(
      PortBinding wanted, Endpoint container, BridgeFirewall firewall, String label)
      throws IOException {
    boolean certain = wanted.hostPort() != 0 && wanted.hostPort() == wanted.lastHostPort();
    Held held = certain ? hold(wanted, container.ip(), label) : holdAny(wanted, container.ip());
    List<BridgeFirewall.PortRule> rules = new ArrayList<>();
    try {
      // A port on the loopback address needs only the proxy.
      PortBinding inside = held.at().inside();
      if (!inside.isLoopback()) {
        for (IpAddress address : reachable(container, wanted)) {
          rules.add(firewall.publish(inside, address));
        }
      }
      return new Published(held, firewall, rules);
    } catch (IOException e) {
      try {
        new Published(held, firewall, rules).close();
      } catch (IOException closing) {
        e.addSuppressed(closing);
      }
      throw e;
    }
  }

  private static List<IpAddress> reachable(Endpoint container, PortBinding port) {
    List<IpAddress> all = new ArrayList<>();
    if (port.includes(NftFamily.IPV4)) {
      all.add(container.ip());
    }
    if (port.includes(NftFamily.IPV6)) {
      container.ip6().ifPresent(all::add);
    }
    return all;
  }

  private record Held(PortBinding port, HostPorts.Held at) {}

  private Held hold(PortBinding port, Ipv4Address container, String label) throws IOException {
    String failed = "driver failed programming external connectivity on endpoint " + label;
    if (!reserve(port)) {
      throw new SlipwayException(
          ErrorKind.INTERNAL,
          "%s: Bind for %s:%d failed: port is already allocated"
              .formatted(failed, port.shownAddress(), port.hostPort()));
    }
    try {
      return new Held(port, host.hold(port, container));
    } catch (BindException e) {
      taken.remove(port);
      throw new SlipwayException(
          ErrorKind.INTERNAL,
          "%s: failed to bind host port for %s:%d:%s:%d/%s: %s"
              .formatted(
                  failed,
                  port.shownAddress(),
                  port.hostPort(),
                  container,
                  port.containerPort(),
                  port.protocol().label(),
                  e.getMessage().toLowerCase(Locale.ROOT)),
          e);
    } catch (IOException | RuntimeException e) {
      taken.remove(port);
      throw e;
    }
  }

  private Held holdAny(PortBinding wanted, Ipv4Address container) throws IOException {
    boolean ephemeral = wanted.hostPort() == 0;
    int choices = ephemeral ? last - first : wanted.lastHostPort() - wanted.hostPort();
    for (int tries = 0; tries <= choices; tries++) {
      PortBinding port =
          wanted.withHostPort(ephemeral ? nextEphemeral() : wanted.hostPort() + tries);
      if (!reserve(port)) {
        continue;
      }
      try {
        return new Held(port, host.hold(port, container));
      } catch (BindException e) {
        // Another program has it; the next number is tried.
        taken.remove(port);
      } catch (IOException | RuntimeException e) {
        taken.remove(port);
        throw e;
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
    return taken.stream().noneMatch(port::collidesWith) && taken.add(port);
  }
}
