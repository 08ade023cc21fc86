package io.slipway.engine.http;

import io.slipway.image.error.SlipwayException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;

/** Where the engine listens: a unix socket, or TCP with or without TLS. */
public sealed interface ListenAddress {
  int DEFAULT_TCP_PORT = 2375;
  int DEFAULT_TLS_PORT = 2376;

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
    /** Whether only this machine can reach it. */
    public boolean isLoopback() {
      try {
        return InetAddress.getByName(host).isLoopbackAddress();
      } catch (UnknownHostException e) {
        return false;
      }
    }

    @Override
    public String toString() {
      return "tcp://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /**
   * A TCP port with TLS.
   *
   * @param verifiesClients whether only who shows a certificate of our authority may come in
   * @param relay socket file behind it, which only we may use
   */
  record Tls(Tcp address, SSLContext context, boolean verifiesClients, Path relay)
      implements ListenAddress {
    Tls withPort(int port) {
      return new Tls(new Tcp(address.host(), port), context, verifiesClients, relay);
    }

    @Override
    public String toString() {
      return address + (verifiesClients ? " (TLS, clients are verified)" : " (TLS)");
    }
  }

  /**
   * Reads {@code unix:///run/slipway.sock} or {@code tcp://127.0.0.1:2375}. Whoever reaches a port
   * without TLS owns the machine, so anything but loopback is refused unless that is asked for.
   *
   * @param plainAnywhere ports without TLS may be open to other machines
   */
  static ListenAddress parse(String text, boolean plainAnywhere) {
    if (text.startsWith("unix://")) {
      return new Unix(Path.of(text.substring("unix://".length())));
    }
    Tcp tcp = parseTcp(text, DEFAULT_TCP_PORT);
    if (!plainAnywhere && !tcp.isLoopback()) {
      throw SlipwayException.invalid(
          "refusing to listen on "
              + text
              + ": whoever reaches it would own this machine; use --tlsverify, or tcp://127.0.0.1:"
              + tcp.port()
              + ", or accept it with --tls=false");
    }
    return tcp;
  }

  /** Reads {@code tcp://0.0.0.0:2376}. */
  static Tcp parseTcp(String text, int defaultPort) {
    if (!text.startsWith("tcp://")) {
      throw SlipwayException.invalid(
          "invalid listen address " + text + ": expected unix:///path or tcp://127.0.0.1:port");
    }
    try {
      URI uri = URI.create(text);
      String host = uri.getHost();
      if (host == null) {
        throw new IllegalArgumentException("no host");
      }
      String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
      return new Tcp(bare, uri.getPort() < 0 ? defaultPort : uri.getPort());
    } catch (IllegalArgumentException e) {
      throw SlipwayException.invalid(
          "invalid listen address " + text + ": expected tcp://127.0.0.1:port");
    }
  }
}
