package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One published port: {@code [[ip:][host]:]container[/protocol]}, ranges spelled out.
 *
 * @param container port and protocol, such as {@code 80/tcp}
 * @param hostPort empty for one of the system's choice
 */
record PortSpec(String hostIp, String hostPort, String container) {
  private static final Pattern FORM =
      Pattern.compile(
          "(?:(?:(\\[[0-9a-fA-F:]+]|[0-9.]*):)?([0-9]*(?:-[0-9]+)?):)?([0-9]+(?:-[0-9]+)?)(?:/(tcp|udp|sctp))?");

  static List<PortSpec> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new UsageException("invalid containerPort: " + text);
    }
    String ip = form.group(1) == null ? "" : form.group(1).replaceAll("[\\[\\]]", "");
    String protocol = form.group(4) == null ? "tcp" : form.group(4);
    int[] inside = range(form.group(3));
    String host = form.group(2) == null ? "" : form.group(2);
    int[] outside = host.isEmpty() ? new int[0] : range(host);
    if (outside.length > 0 && outside[1] - outside[0] != inside[1] - inside[0]) {
      throw new UsageException(
          "invalid ranges specified for container and host Ports: "
              + form.group(3)
              + " and "
              + host);
    }
    List<PortSpec> ports = new ArrayList<>();
    for (int i = 0; i <= inside[1] - inside[0]; i++) {
      String hostPort = outside.length == 0 ? "" : Integer.toString(outside[0] + i);
      ports.add(new PortSpec(ip, hostPort, (inside[0] + i) + "/" + protocol));
    }
    return ports;
  }

  private static int[] range(String text) {
    String[] parts = text.split("-");
    int[] range = {number(parts[0]), number(parts[parts.length - 1])};
    if (range[0] > range[1]) {
      throw new UsageException("invalid range specified for port: " + text);
    }
    return range;
  }

  private static int number(String text) {
    if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > 65535) {
      throw new UsageException("invalid containerPort: " + text);
    }
    return Integer.parseInt(text);
  }

  static String withProtocol(String port) {
    return port.contains("/") ? port : port + "/tcp";
  }

  JsonValue binding() {
    return new JsonObject()
        .put("HostIp", new JsonValue.Text(hostIp))
        .put("HostPort", new JsonValue.Text(hostPort))
        .value();
  }
}
