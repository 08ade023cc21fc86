package io.slipway.builder.frontend;

import io.slipway.image.error.SlipwayException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The words of EXPOSE: {@code [[ip:]host:]port[-range][/proto]}; only the container's counts. */
final class ExposedPorts {
  private static final Set<String> PROTOCOLS = Set.of("tcp", "udp", "sctp");
  private static final int MAX_PORT = 65535;

  private record Range(int first, int last) {
    int size() {
      return last - first + 1;
    }
  }

  private ExposedPorts() {}

  /** The ports of one word as {@code 80/tcp}, ranges written out. */
  static List<String> parse(String word) {
    int slash = word.lastIndexOf('/');
    String protocol = slash < 0 ? "tcp" : word.substring(slash + 1).toLowerCase(Locale.ROOT);
    String ports = slash < 0 ? word : word.substring(0, slash);
    int colon = ports.lastIndexOf(':');
    String container = ports.substring(colon + 1);
    if (container.isEmpty()) {
      throw SlipwayException.invalid("no port specified: " + word + "<empty>");
    }
    Range range = range(container, "containerPort", word);
    if (colon >= 0) {
      checkHost(ports.substring(0, colon), ports, range, word);
    }
    if (!PROTOCOLS.contains(protocol.isEmpty() ? "tcp" : protocol)) {
      throw SlipwayException.invalid("invalid port: \"" + word + "\": invalid proto: " + protocol);
    }
    List<String> all = new ArrayList<>();
    for (int port = range.first; port <= range.last; port++) {
      all.add(port + "/" + (protocol.isEmpty() ? "tcp" : protocol));
    }
    return all;
  }

  private static void checkHost(String before, String ports, Range container, String word) {
    String host = before.substring(before.lastIndexOf(':') + 1);
    if (host.isEmpty() || host.endsWith("]")) {
      return;
    }
    Range range = range(host, "hostPort", word);
    if (range.size() != container.size() && container.size() != 1) {
      throw SlipwayException.invalid(
          "invalid ranges specified for container and host Ports: "
              + ports.substring(ports.lastIndexOf(':') + 1)
              + " and "
              + host);
    }
  }

  private static Range range(String text, String what, String word) {
    int dash = text.indexOf('-');
    int first = port(dash < 0 ? text : text.substring(0, dash), text, what);
    int last = dash < 0 ? first : port(text.substring(dash + 1), text, what);
    if (last < first) {
      throw SlipwayException.invalid(
          "invalid port: \"" + word + "\": invalid range specified for port: " + text);
    }
    return new Range(first, last);
  }

  private static int port(String digits, String text, String what) {
    if (digits.matches("[0-9]{1,5}")) {
      int port = Integer.parseInt(digits);
      if (port <= MAX_PORT) {
        return port;
      }
    }
    throw SlipwayException.invalid("invalid " + what + ": " + text);
  }
}
