package io.slipway.cli.client;

import io.slipway.image.tls.TlsFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where a daemon listens, as in DOCKER_HOST: unix socket, TCP port, or a machine with ssh. */
public sealed interface EngineAddress {
  int PLAIN_PORT = 2375;
  int TLS_PORT = 2376;

  /** Opens a connection to the daemon. */
  Connection connect() throws IOException;

  /** A unix socket. */
  record Unix(Path socket) implements EngineAddress {
    @Override
    public Connection connect() throws IOException {
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
    public Connection connect() throws IOException {
      return open(new InetSocketAddress(host, port));
    }

    @Override
    public String toString() {
      return "tcp://" + host + ":" + port;
    }
  }

  /** A TCP port with TLS. */
  record Tls(String host, int port, TlsFiles files) implements EngineAddress {
    @Override
    public Connection connect() throws IOException {
      return TlsConnection.open(this);
    }

    @Override
    public String toString() {
      return "tcp://" + host + ":" + port;
    }
  }

  /** Another machine's daemon, reached by ssh; the path is its socket, or empty for its own. */
  record Ssh(URI uri) implements EngineAddress {
    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._/-]*)?");

    public Ssh {
      if (uri.getHost() == null) {
        throw new IllegalArgumentException(
            "unable to parse docker host \"" + uri + "\": hostname is missing");
      }
      if (!PATH.matcher(uri.getPath()).matches() || uri.getQuery() != null) {
        throw new IllegalArgumentException(
            "unable to parse docker host \""
                + uri
                + "\": behind the machine only the path of a socket is allowed");
      }
    }

    @Override
    public Connection connect() throws IOException {
      return SshConnection.open(this);
    }

    @Override
    public String toString() {
      return uri.toString();
    }
  }

  private static Connection open(SocketAddress address) throws IOException {
    SocketChannel channel =
        address instanceof UnixDomainSocketAddress
            ? SocketChannel.open(StandardProtocolFamily.UNIX)
            : SocketChannel.open();
    try {
      channel.connect(address);
      return new Connection.OfChannel(channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Reads an address as docker does.
   *
   * @param tls how TCP ports are secured, if they are
   * @throws IllegalArgumentException naming what is wrong with it
   */
  static EngineAddress parse(String text, Optional<TlsFiles> tls) {
    if (text.startsWith("unix://")) {
      return new Unix(Path.of(text.substring("unix://".length())));
    }
    if (text.startsWith("tcp://")) {
      Tcp tcp = tcp(text, tls.isPresent() ? TLS_PORT : PLAIN_PORT);
      return tls.<EngineAddress>map(files -> new Tls(tcp.host(), tcp.port(), files)).orElse(tcp);
    }
    if (text.startsWith("ssh://")) {
      return new Ssh(URI.create(text));
    }
    throw new IllegalArgumentException(
        "unable to parse docker host \""
            + text
            + "\": use unix:///path, tcp://host:port or ssh://user@host");
  }

  private static Tcp tcp(String text, int defaultPort) {
    String rest = text.substring("tcp://".length()).replaceAll("/$", "");
    int colon = rest.lastIndexOf(':');
    try {
      String host = colon < 0 ? rest : rest.substring(0, colon);
      int port = colon < 0 ? defaultPort : Integer.parseInt(rest.substring(colon + 1));
      return new Tcp(host.replaceAll("^\\[|]$", ""), port);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "unable to parse docker host \"" + text + "\": the port is not a number", e);
    }
  }
}
