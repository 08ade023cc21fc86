package io.slipway.registry.config;

import io.slipway.image.error.SlipwayException;
import java.util.Objects;

/** Where the server listens. Port 0 takes a free one. An IPv6 host is kept without brackets. */
public record ListenAddress(String host, int port) {
  private static final int MAX_PORT = 65_535;

  public ListenAddress {
    Objects.requireNonNull(host, "host");
    if (host.isEmpty() || port < 0 || port > MAX_PORT) {
      throw SlipwayException.invalid("invalid listen address " + host + ":" + port);
    }
  }

  /** Parses {@code host:port}, {@code [ipv6]:port} or {@code :port}, which means all addresses. */
  public static ListenAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      String host = colon <= 0 ? "0.0.0.0" : text.substring(0, colon);
      boolean bracketed = host.startsWith("[") && host.endsWith("]");
      if (colon < 0 || (!bracketed && host.indexOf(':') >= 0)) {
        throw malformed(text);
      }
      return new ListenAddress(bracketed ? host.substring(1, host.length() - 1) : host, port);
    } catch (NumberFormatException e) {
      throw malformed(text);
    }
  }

  private static SlipwayException malformed(String text) {
    return SlipwayException.invalid(
        "invalid listen address \"" + text + "\": want host:port, for example 127.0.0.1:5000");
  }

  /** {@code host:port}, the host in brackets when it needs them. */
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
