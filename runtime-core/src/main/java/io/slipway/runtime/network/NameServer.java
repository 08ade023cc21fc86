package io.slipway.runtime.network;

import static io.slipway.runtime.network.NftRule.rule;

import io.slipway.runtime.dns.DnsAnswer;
import io.slipway.runtime.dns.DnsQuestion;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.SocketCalls;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Answers names at 127.0.0.11 inside every container on a network with names. One thread hears all
 * containers' sockets; names of their networks are answered on it, other names and connections get
 * a virtual thread each.
 *
 * <p>The sockets have ports of the kernel's choice, so that a container's own name server can have
 * port 53, and a rule in the container's namespace leads there: as Docker does it.
 */
final class NameServer implements AutoCloseable {
  /** Where containers look for it. */
  static final Ipv4Address ADDRESS = Ipv4Address.parse("127.0.0.11");

  private static final System.Logger LOG = System.getLogger(NameServer.class.getName());
  private static final String TABLE = "slipway-dns";
  private static final String OUTPUT = "output";
  private static final int PORT = 53;
  private static final int DATAGRAM_BYTES = 65_507;
  private static final int LONGEST_STREAM_ANSWER = 65_535;
  private static final int CONNECTIONS_PER_CONTAINER = 64;
  private static final int IDLE_MILLIS = 10_000;
  private static final int MOST_IN_A_ROW = 32;

  private final DnsForwarder forwarder = new DnsForwarder();
  private Selector selector;
  private volatile boolean closed;

  /** What a container's networks know; asked from any thread. */
  interface Names {
    /** Who has the name; empty when nobody has. */
    List<Endpoint> find(String name);

    Optional<String> nameOf(IpAddress address);

    /** Whom to ask otherwise; nobody for a container without a way out. */
    List<DnsUpstream> upstream();
  }

  /** The two sockets, opened inside. */
  private record Sockets(DatagramChannel udp, ServerSocketChannel tcp) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      try (udp) {
        tcp.close();
      }
    }
  }

  /** A container's name server, until it is closed. */
  final class Listener implements AutoCloseable {
    private final Sockets sockets;
    private final Fd namespace;
    private final Names names;
    private final Semaphore connections = new Semaphore(CONNECTIONS_PER_CONTAINER);

    private Listener(Sockets sockets, Fd namespace, Names names) {
      this.sockets = sockets;
      this.namespace = namespace;
      this.names = names;
    }

    @Override
    public void close() throws IOException {
      try {
        sockets.close();
      } finally {
        // Only a selecting thread lets go of the descriptors, which keep the namespace alive.
        wakeup();
      }
    }
  }

  /** Starts to answer inside a namespace; its loopback interface must be up. */
  Listener listen(Fd namespace, Names names) throws IOException {
    start();
    Sockets sockets = NamespaceVisit.to(namespace, NameServer::openHere);
    Listener listener = new Listener(sockets, namespace, names);
    try {
      sockets.udp().register(selector, SelectionKey.OP_READ, listener);
      sockets.tcp().register(selector, SelectionKey.OP_ACCEPT, listener);
      wakeup();
      return listener;
    } catch (IOException | RuntimeException e) {
      listener.close();
      throw e;
    }
  }

  private synchronized void start() throws IOException {
    if (selector != null) {
      return;
    }
    // What the JDK sets up with its first sockets is set up at home.
    DatagramChannel.open(StandardProtocolFamily.INET).close();
    ServerSocketChannel.open(StandardProtocolFamily.INET).close();
    selector = Selector.open();
    Thread.ofPlatform().daemon().name("slipway-dns").start(this::hear);
  }

  private synchronized void wakeup() {
    selector.wakeup();
  }

  private static Sockets openHere() throws IOException {
    DatagramChannel udp = DatagramChannel.open(StandardProtocolFamily.INET);
    ServerSocketChannel tcp = null;
    try {
      InetSocketAddress any = new InetSocketAddress(ADDRESS.toInetAddress(), 0);
      udp.bind(any).configureBlocking(false);
      tcp = ServerSocketChannel.open(StandardProtocolFamily.INET);
      tcp.bind(any).configureBlocking(false);
      redirect(port(udp.getLocalAddress()), port(tcp.getLocalAddress()));
      return new Sockets(udp, tcp);
    } catch (IOException e) {
      udp.close();
      if (tcp != null) {
        tcp.close();
      }
      throw e;
    }
  }

  private static int port(SocketAddress address) {
    return ((InetSocketAddress) address).getPort();
  }

  /** Leads port 53 to the sockets, in place of those of an earlier daemon. */
  private static void redirect(int udp, int tcp) throws IOException {
    NftBatch batch =
        new NftBatch()
            .addTable(TABLE)
            .deleteTable(TABLE)
            .addTable(TABLE)
            .addBaseChain(TABLE, OUTPUT, NftHook.LOCAL_DESTINATION_NAT)
            .addRule(TABLE, OUTPUT, towards(PortProtocol.UDP).sendTo(ADDRESS, udp))
            .addRule(TABLE, OUTPUT, towards(PortProtocol.TCP).sendTo(ADDRESS, tcp));
    try (NetlinkSocket socket = NetlinkSocket.open(SocketCalls.NETLINK_NETFILTER)) {
      socket.send(batch.finish());
    }
  }

  private static NftRule towards(PortProtocol protocol) {
    return rule().protocolIs(protocol).destinationIs(ADDRESS).portIs(PORT);
  }

  private void hear() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(DATAGRAM_BYTES);
    while (!closed) {
      try {
        selector.select();
        for (SelectionKey key : selector.selectedKeys()) {
          serve(key, buffer);
        }
        selector.selectedKeys().clear();
      } catch (IOException | RuntimeException e) {
        if (!closed) {
          LOG.log(System.Logger.Level.WARNING, "name server for containers", e);
        }
      }
    }
  }

  private void serve(SelectionKey key, ByteBuffer buffer) {
    Listener listener = (Listener) key.attachment();
    try {
      if (key.isReadable()) {
        receive(listener, buffer);
      } else if (key.isAcceptable()) {
        accept(listener);
      }
    } catch (IOException | CancelledKeyException e) {
      // The container has ended, or this one message is lost, as datagrams may be.
      LOG.log(System.Logger.Level.DEBUG, "name server of a container", e);
    }
  }

  private void receive(Listener listener, ByteBuffer buffer) throws IOException {
    DatagramChannel channel = listener.sockets.udp();
    for (int i = 0; i < MOST_IN_A_ROW; i++) {
      buffer.clear();
      SocketAddress client = channel.receive(buffer);
      if (client == null) {
        return;
      }
      buffer.flip();
      byte[] message = new byte[buffer.remaining()];
      buffer.get(message);
      Optional<DnsQuestion> question = DnsQuestion.parse(message);
      if (question.isEmpty()) {
        continue;
      }
      Optional<byte[]> own = own(question.get(), listener.names, question.get().limit());
      if (own.isPresent()) {
        channel.send(ByteBuffer.wrap(own.get()), client);
      } else {
        Thread.ofVirtual()
            .name("slipway-dns-forward")
            .start(() -> forward(listener, question.get(), message, client));
      }
    }
  }

  private void forward(
      Listener listener, DnsQuestion question, byte[] message, SocketAddress client) {
    byte[] answer =
        forwarder.forward(question, message, listener.names.upstream(), listener.namespace, false);
    try {
      listener.sockets.udp().send(ByteBuffer.wrap(answer), client);
    } catch (IOException e) {
      // The container has ended meanwhile.
      return;
    }
  }

  private void accept(Listener listener) throws IOException {
    SocketChannel client = listener.sockets.tcp().accept();
    if (client == null) {
      return;
    }
    if (!listener.connections.tryAcquire()) {
      client.close();
      return;
    }
    Thread.ofVirtual().name("slipway-dns-stream").start(() -> converse(listener, client));
  }

  private void converse(Listener listener, SocketChannel client) {
    try (client) {
      client.socket().setSoTimeout(IDLE_MILLIS);
      DataInputStream in = new DataInputStream(client.socket().getInputStream());
      while (true) {
        byte[] message = DnsForwarder.read(in);
        Optional<DnsQuestion> question = DnsQuestion.parse(message);
        if (question.isEmpty()) {
          return;
        }
        byte[] answer =
            own(question.get(), listener.names, LONGEST_STREAM_ANSWER)
                .orElseGet(() ->
                    forwarder.forward(
                        question.get(),
                        message,
                        listener.names.upstream(),
                        listener.namespace,
                        true));
        DnsForwarder.write(client.socket().getOutputStream(), answer);
      }
    } catch (IOException e) {
      // The client has what it wanted, or says nothing any more.
      return;
    } finally {
      listener.connections.release();
    }
  }

  /** What the container's own networks know. */
  private static Optional<byte[]> own(DnsQuestion question, Names names, int limit) {
    if (!question.internet()) {
      return Optional.empty();
    }
    return switch (question.type()) {
      case DnsQuestion.A -> addresses(question, names, limit, false);
      case DnsQuestion.AAAA -> addresses(question, names, limit, true);
      case DnsQuestion.PTR ->
          question
              .reverse()
              .map(address -> IpAddress.parse(address.getHostAddress()))
              .flatMap(names::nameOf)
              .map(name -> DnsAnswer.name(question, name));
      default -> Optional.empty();
    };
  }

  /** A name without an address of the asked family exists all the same: an answer without any. */
  private static Optional<byte[]> addresses(
      DnsQuestion question, Names names, int limit, boolean six) {
    List<Endpoint> places = names.find(question.name());
    if (places.isEmpty()) {
      return Optional.empty();
    }
    List<InetAddress> addresses = new ArrayList<>();
    for (Endpoint place : places) {
      Optional<? extends IpAddress> address = six ? place.ip6() : Optional.of(place.ip());
      address.ifPresent(a -> addresses.add(a.toInetAddress()));
    }
    // Several containers of one name share the work.
    Collections.shuffle(addresses);
    return Optional.of(DnsAnswer.addresses(question, addresses, limit));
  }

  @Override
  public void close() throws IOException {
    closed = true;
    synchronized (this) {
      if (selector != null) {
        selector.close();
      }
    }
  }
}
