package io.slipway.runtime.network;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;

/**
 * Holds a published port on the host and carries what the packet rules do not: connections to the
 * host's loopback address, and those of containers to their own host.
 */
interface PortProxy extends AutoCloseable {

  /** Where a proxy listens; "every address" is a socket for both families. */
  static InetSocketAddress listenAddress(PortBinding port) {
    return port.hostAddress().isEmpty()
        ? new InetSocketAddress(port.hostPort())
        : new InetSocketAddress(port.hostAddress().get().toInetAddress(), port.hostPort());
  }

  /** Whether it is a socket of the older family alone. */
  static boolean isIpv4Only(PortBinding port) {
    return port.hostAddress().isPresent() && port.hostAddress().get() instanceof Ipv4Address;
  }

  /**
   * The JDK's IPv6 sockets hear IPv4 clients too; a port on {@code ::} alone must not answer them.
   */
  static boolean isWelcome(PortBinding port, SocketAddress client) {
    boolean onlySix = port.hostAddress().isPresent() && !isIpv4Only(port);
    return !onlySix || ((InetSocketAddress) client).getAddress() instanceof Inet6Address;
  }

  /** Takes the port, so that nobody else can; starts to carry at once. */
  static PortProxy open(PortBinding port, Ipv4Address container) throws IOException {
    return switch (port.protocol()) {
      case TCP -> TcpProxy.open(port, container);
      case UDP -> UdpProxy.open(port, container);
      case SCTP -> SctpHold.open(port);
    };
  }

  /** Lets go of the port, so that it can be taken again at once, and ends the connections. */
  @Override
  void close();

  /**
   * Waits for the thread that listens: the JDK closes a socket only when no thread is in it any
   * more.
   */
  static void await(Thread listening) {
    try {
      listening.join(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
