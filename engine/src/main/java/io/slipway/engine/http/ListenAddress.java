package io.slipway.engine.http;

import io.slipway.image.error.SlipwayException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;

/** Where the engine listens: a unix socket, or TCP on the loopback interface. */
public sealed interface ListenAddress {
  int DEFAULT_TCP_PORT = 2375;

  /** A unix socket at an absolute path. */
  record Unix(Path path) implements ListenAddress {
    public Unix {
      if (!path.isAbsolute()) {
        throw SlipwayException.invalid("unix socket path must be absolute: " + path);
      }
    }

    @Override
    public String toString() {
      return "unix://" + path;
    }
  }

  /** A TCP port; 0 picks a free one. */
  record Tcp(String host, int port) implements ListenAddress {
    @Override
    public String toString() {
      return "tcp://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /**
   * Reads {@code unix:///run/slipway.sock} or {@code tcp://127.0.0.1:2375}. Whoever reaches the
   * port owns the machine, so anything but loopback is refused as long as TLS cannot be set up.
   */
  static ListenAddress parse(String text) {
    if (text.startsWith("unix://")) {
      return new Unix(Path.of(text.substring("unix://".length())));
    }
    if (!text.startsWith("tcp://")) {
      throw SlipwayException.invalid(
          "invalid listen address " + text + ": expected unix:///path or tcp://127.0.0.1:port");
    }
    Tcp tcp = parseTcp(text);
    if (!isLoopback(tcp.host())) {
      throw SlipwayException.invalid(
          "refusing to listen on "
              + text
              + ": without TLS only loopback addresses are allowed; use tcp://127.0.0.1:"
              + tcp.port());
    }
    return tcp;
  }

  private static Tcp parseTcp(String text) {
    try {
      URI uri = URI.create(text);
      String host = uri.getHost();
      if (host == null) {
        throw new IllegalArgumentException("no host");
      }
      String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
      return new Tcp(bare, uri.getPort() < 0 ? DEFAULT_TCP_PORT : uri.getPort());
    } catch (IllegalArgumentException e) {
      throw SlipwayException.invalid(
          "invalid listen address " + text + ": expected tcp://127.0.0.1:port");
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
