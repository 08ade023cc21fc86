package io.slipway.engine.container;

import io.slipway.engine.model.Config;
import io.slipway.engine.model.HostConfig;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.network.Ipv4Address;
import io.slipway.runtime.network.PortBinding;
import io.slipway.runtime.network.PortProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Published ports, {@code -p} and {@code -P}, in the runtime's terms. Pure. */
final class PortParser {
  private static final Pattern PORT = Pattern.compile("(\\d{1,5})(?:/([a-z]+))?");

  /** A port of the container. */
  record Port(int number, PortProtocol protocol) {
    @Override
    public String toString() {
      return number + "/" + protocol.label();
    }
  }

  private PortParser() {}

  static List<PortBinding> bindings(Config config, HostConfig host) {
    List<PortBinding> all = new ArrayList<>();
    for (Map.Entry<String, List<HostConfig.PortBinding>> entry : host.portBindings().entrySet()) {
      Port port = port(entry.getKey());
      List<HostConfig.PortBinding> wanted = entry.getValue();
      if (wanted == null || wanted.isEmpty()) {
        wanted = List.of(new HostConfig.PortBinding("", ""));
      }
      wanted.forEach(binding -> all.add(binding(port, binding)));
    }
    if (host.publishAllPorts()) {
      for (String exposed : config.exposedPorts().keySet()) {
        Port port = port(exposed);
        if (all.stream().noneMatch(b -> same(b, port))) {
          all.add(binding(port, new HostConfig.PortBinding("", "")));
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
          case "sctp" -> throw OptionRules.notBuilt("publishing sctp port " + text);
          default -> throw SlipwayException.invalid("invalid proto: " + matcher.group(2));
        };
    int number = Integer.parseInt(matcher.group(1));
    if (number < 1 || number > 65535) {
      throw SlipwayException.invalid("invalid port specification: \"" + text + "\"");
    }
    return new Port(number, protocol);
  }

  private static PortBinding binding(Port port, HostConfig.PortBinding wanted) {
    try {
      return new PortBinding(
          port.protocol(), port.number(), address(wanted.hostIp()), hostPort(wanted.hostPort()));
    } catch (IllegalArgumentException e) {
      throw SlipwayException.invalid(e.getMessage());
    }
  }

  private static Ipv4Address address(String text) {
    if (text.contains(":")) {
      throw OptionRules.notBuilt("publishing on IPv6 address " + text);
    }
    return text.isEmpty() ? PortBinding.ANY : Ipv4Address.parse(text);
  }

  private static int hostPort(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    if (text.contains("-")) {
      throw OptionRules.notBuilt("host port range " + text);
    }
    if (!text.matches("\\d{1,5}")) {
      throw SlipwayException.invalid("invalid hostPort: " + text);
    }
    return Integer.parseInt(text);
  }
}
