package io.slipway.runtime.network;

import java.io.IOException;
import java.time.Duration;

/**
 * Holds a published port on the host and carries what the packet rules do not: connections to the
 * host's loopback address, and those of containers to their own host.
 */
interface PortProxy extends AutoCloseable {

  /** Takes the port, so that nobody else can; starts to carry at once. */
  static PortProxy open(PortBinding port, Ipv4Address container) throws IOException {
    return switch (port.protocol()) {
      case TCP -> TcpProxy.open(port, container);
      case UDP -> UdpProxy.open(port, container);
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
