package io.slipway.runtime.network;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Carries UDP datagrams. Each client gets a socket of its own towards the container, so that
 * answers find their way back; one that hears nothing for a while is closed.
 */
final class UdpProxy implements PortProxy {
  private static final int DATAGRAM_BYTES = 65_507;

  /** As Docker's proxy. */
  private static final int IDLE_MILLIS = 90_000;

  private final PortBinding port;
  private final DatagramChannel listener;
  private final InetSocketAddress target;
  private final Map<SocketAddress, DatagramChannel> clients = new ConcurrentHashMap<>();

  private final Thread receiver;

  private UdpProxy(PortBinding port, DatagramChannel listener, InetSocketAddress target) {
    this.port = port;
    this.listener = listener;
    this.target = target;
    this.receiver = Thread.ofVirtual().name("slipway-udp-proxy").unstarted(this::receive);
  }

  static UdpProxy open(PortBinding port, Ipv4Address container) throws IOException {
    DatagramChannel listener =
        PortProxy.isIpv4Only(port)
            ? DatagramChannel.open(StandardProtocolFamily.INET)
            : DatagramChannel.open();
    try {
      listener.bind(PortProxy.listenAddress(port));
    } catch (IOException e) {
      listener.close();
      throw e;
    }
    UdpProxy proxy =
        new UdpProxy(
            port, listener, new InetSocketAddress(container.toInetAddress(), port.containerPort()));
    proxy.receiver.start();
    return proxy;
  }

  private void receive() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(DATAGRAM_BYTES);
    while (listener.isOpen()) {
      try {
        buffer.clear();
        SocketAddress client = listener.receive(buffer);
        buffer.flip();
        if (PortProxy.isWelcome(port, client)) {
          towardsContainer(client).write(buffer);
        }
      } catch (IOException e) {
        // Closed, or the container refuses: datagrams may be lost, the next one is tried again.
        continue;
      }
    }
  }

  private DatagramChannel towardsContainer(SocketAddress client) throws IOException {
    DatagramChannel known = clients.get(client);
    if (known != null && known.isOpen()) {
      return known;
    }
    DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
    channel.connect(target);
    clients.put(client, channel);
    Thread.ofVirtual().name("slipway-udp-client").start(() -> answer(client, channel));
    return channel;
  }

  private void answer(SocketAddress client, DatagramChannel channel) {
    byte[] bytes = new byte[DATAGRAM_BYTES];
    try (channel) {
      channel.socket().setSoTimeout(IDLE_MILLIS);
      while (channel.isOpen()) {
        DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
        channel.socket().receive(packet);
        listener.send(ByteBuffer.wrap(bytes, 0, packet.getLength()), client);
      }
    } catch (IOException e) {
      // Idle, refused by the container, or the proxy is closed: this client is forgotten.
      return;
    } finally {
      clients.remove(client, channel);
    }
  }

  @Override
  public void close() {
    closeQuietly(listener);
    PortProxy.await(receiver);
    clients.values().forEach(UdpProxy::closeQuietly);
  }

  private static void closeQuietly(DatagramChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // A socket that fails to close is closed all the same.
      return;
    }
  }
}
