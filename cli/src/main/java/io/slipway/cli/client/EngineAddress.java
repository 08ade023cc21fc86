package io.slipway.cli.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** Where a daemon listens: {@code unix:///path} or {@code tcp://host:port}, as in DOCKER_HOST. */
public sealed interface EngineAddress {
  /** Opens a connection to the daemon. */
  SocketChannel connect() throws IOException;

  /** A unix socket. */
  record Unix(Path socket) implements EngineAddress {
    @Override
    public SocketChannel connect() throws IOException {
      return open(UnixDomainSocketAddress.of(socket));
    }

    @Override
    public String toString() {
      return "unix://" + socket;
    }
  }

  /** A TCP port. */
  record Tcp(String host, int port) implements EngineAddress {
    @Override
    public SocketChannel connect() throws IOException {
      return open(new InetSocketAddress(host, port));
    }

    @Override
    public String toString() {
      return "tcp://" + host + ":" + port;
    }
  }

  private static SocketChannel open(SocketAddress address) throws IOException {
    SocketChannel channel =
        address instanceof UnixDomainSocketAddress
            ? SocketChannel.open(StandardProtocolFamily.UNIX)
            : SocketChannel.open();
    try {
      channel.connect(address);
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Reads an address as docker does.
   *
   * @throws IllegalArgumentException naming what is wrong with it
   */
  static EngineAddress parse(String text) {
    if (text.startsWith("unix://")) {
      return new Unix(Path.of(text.substring("unix://".length())));
    }
    if (text.startsWith("tcp://")) {
      return tcp(text);
    }
    throw new IllegalArgumentException(
        "unable to parse docker host \"" + text + "\": use unix:///path or tcp://host:port");
  }

  private static EngineAddress tcp(String text) {
    String rest = text.substring("tcp://".length());
    int colon = rest.lastIndexOf(':');
    try {
      String host = colon < 0 ? rest : rest.substring(0, colon);
      int port = colon < 0 ? 2375 : Integer.parseInt(rest.substring(colon + 1));
      return new Tcp(host.replaceAll("^\\[|]$", ""), port);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "unable to parse docker host \"" + text + "\": the port is not a number", e);
    }
  }
}
