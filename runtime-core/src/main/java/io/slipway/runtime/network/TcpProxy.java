package io.slipway.runtime.network;

import io.slipway.runtime.process.SocketRelay;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Carries TCP connections, each with two virtual threads; an end of one direction is passed on. */
final class TcpProxy implements PortProxy {
  private final PortBinding port;
  private final ServerSocketChannel listener;
  private final InetSocketAddress target;
  private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
  private final Thread acceptor;

  private TcpProxy(PortBinding port, ServerSocketChannel listener, InetSocketAddress target) {
    this.port = port;
    this.listener = listener;
    this.target = target;
    this.acceptor = Thread.ofVirtual().name("slipway-tcp-proxy").unstarted(this::accept);
  }

  static TcpProxy open(PortBinding port, Ipv4Address container) throws IOException {
    ServerSocketChannel listener =
        PortProxy.isIpv4Only(port)
            ? ServerSocketChannel.open(StandardProtocolFamily.INET)
            : ServerSocketChannel.open();
    try {
      listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      listener.bind(PortProxy.listenAddress(port));
    } catch (IOException e) {
      listener.close();
      throw e;
    }
    TcpProxy proxy =
        new TcpProxy(
            port, listener, new InetSocketAddress(container.toInetAddress(), port.containerPort()));
    proxy.acceptor.start();
    return proxy;
  }

  private void accept() {
    while (listener.isOpen()) {
      try {
        SocketChannel client = listener.accept();
        Thread.ofVirtual().name("slipway-tcp-connection").start(() -> carry(client));
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        // Out of descriptors, for example: give others time to close theirs.
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(10);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void carry(SocketChannel client) {
    try (client;
        SocketChannel server = SocketChannel.open()) {
      connections.add(client);
      connections.add(server);
      if (!listener.isOpen() || !PortProxy.isWelcome(port, client.getRemoteAddress())) {
        return;
      }
      server.connect(target);
      SocketRelay.between(client, server);
    } catch (IOException e) {
      // The client sees its connection closed, as it would from a host without that service.
      System.getLogger(TcpProxy.class.getName())
          .log(System.Logger.Level.DEBUG, "published port to {0}: {1}", target, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      connections.removeIf(channel -> !channel.isOpen());
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      // The descriptor is gone even so.
      return;
    } finally {
      PortProxy.await(acceptor);
      connections.forEach(SocketRelay::close);
    }
  }
}
