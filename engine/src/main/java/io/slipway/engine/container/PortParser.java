package io.slipway.engine.container;

import io.slipway.engine.model.Config;
import io.slipway.engine.model.HostConfig;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.network.IpAddress;
import io.slipway.runtime.network.PortBinding;
import io.slipway.runtime.network.PortProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Published ports, {@code -p} and {@code -P}, in the runtime's terms. Pure. */
final class PortParser {
  private static final Pattern HOST_PORTS = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");
  private static final Pattern PORT = Pattern.compile("(\\d{1,5})(?:/([a-z]+))?");

  /** A port of the container. */
  record Port(int number, PortProtocol protocol) {
    @Override
    public String toString() {
      return number + "/" + protocol.label();
    }
  }

  private PortParser() {}

  /**
   * What is to be published.
   *
   * @param fallback where a binding without an address listens; empty for everywhere
   */
  static List<PortBinding> bindings(Config config, HostConfig host, Optional<IpAddress> fallback) {
    List<PortBinding> all = new ArrayList<>();
    for (Map.Entry<String, List<HostConfig.PortBinding>> entry : host.portBindings().entrySet()) {
      Port port = port(entry.getKey());
      List<HostConfig.PortBinding> wanted = entry.getValue();
      if (wanted == null || wanted.isEmpty()) {
        wanted = List.of(new HostConfig.PortBinding("", ""));
      }
      wanted.forEach(binding -> all.add(binding(port, binding, fallback)));
    }
    if (host.publishAllPorts()) {
      for (String exposed : config.exposedPorts().keySet()) {
        Port port = port(exposed);
        if (all.stream().noneMatch(b -> same(b, port))) {
          all.add(binding(port, new HostConfig.PortBinding("", ""), fallback));
        }
      }
    }
    return all;
  }

  private static boolean same(PortBinding binding, Port port) {
    return binding.containerPort() == port.number() && binding.protocol() == port.protocol();
  }

  /** Reads {@code 80/tcp}; the protocol may be left out. */
  static Port port(String text) {
    Matcher matcher = PORT.matcher(text);
    if (!matcher.matches()) {
      throw SlipwayException.invalid("invalid port specification: \"" + text + "\"");
    }
    PortProtocol protocol =
        switch (matcher.group(2) == null ? "tcp" : matcher.group(2)) {
          case "tcp" -> PortProtocol.TCP;
          case "udp" -> PortProtocol.UDP;
          case "sctp" -> PortProtocol.SCTP;
          default -> throw SlipwayException.invalid("invalid proto: " + matcher.group(2));
        };
    int number = Integer.parseInt(matcher.group(1));
    if (number < 1 || number > 65535) {
      throw SlipwayException.invalid("invalid port specification: \"" + text + "\"");
    }
    return new Port(number, protocol);
  }

  private static PortBinding binding(
      Port port, HostConfig.PortBinding wanted, Optional<IpAddress> fallback) {
    try {
      int[] ports = hostPorts(wanted.hostPort());
      Optional<IpAddress> address =
          wanted.hostIp().isEmpty() ? fallback : Optional.of(IpAddress.parse(wanted.hostIp()));
      return new PortBinding(port.protocol(), port.number(), address, ports[0], ports[1]);
    } catch (IllegalArgumentException e) {
      throw SlipwayException.invalid(e.getMessage());
    }
  }

  /** First and last of {@code 80} or {@code 8000-8010}. */
  private static int[] hostPorts(String text) {
    Matcher matcher = HOST_PORTS.matcher(text.isEmpty() ? "0" : text);
    if (!matcher.matches()) {
      throw SlipwayException.invalid("invalid hostPort: " + text);
    }
    int first = Integer.parseInt(matcher.group(1));
    int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
    return new int[] {first, last};
  }
}
