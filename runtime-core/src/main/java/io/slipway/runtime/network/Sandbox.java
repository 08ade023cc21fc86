package io.slipway.runtime.network;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.SocketCalls;
import io.slipway.runtime.spec.Namespaces;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A container's own network namespace with its interfaces on any number of bridges, which may come
 * and go while it runs. One of the networks is its way out; the container's ports are published
 * there. On networks that have names it hears a name server at 127.0.0.11.
 */
public final class Sandbox implements NetworkAttachment {
  private static final String INTERFACE = "eth";

  /** The way out: by wish, else by name, so that it is the same at every start. */
  private static final Comparator<Member> ORDER =
      Comparator.<Member>comparingInt(member -> -member.options().gatewayPriority())
          .thenComparing(member -> member.network().sortName());

  private final String containerId;
  private final Fd namespace;
  private final List<PortBinding> wanted;
  private final PortPublisher publisher;
  private final NameServer nameServer;
  private final List<DnsUpstream> upstream;

  /** Replaced as a whole, so that questions for names need no lock. */
  private volatile List<Member> members = List.of();

  private volatile List<PortPublisher.Published> published = List.of();
  private Rtnetlink fresh;
  private Optional<Member> wayOut = Optional.empty();
  private Optional<Member> wayOut6 = Optional.empty();
  private NameServer.Listener resolver;
  private int nextInterface;
  private boolean closed;

  /** A network to join, and how. */
  public record Connection(BridgeNetwork network, EndpointOptions options) {}

  private record Member(BridgeNetwork network, Endpoint endpoint, EndpointOptions options) {}

  /**
   * @param own what the container alone is in
   * @param wanted ports to publish once there is a way out
   * @param upstream who is asked for names no network knows
   */
  Sandbox(
      String containerId,
      NetworkNamespace own,
      List<PortBinding> wanted,
      PortPublisher publisher,
      NameServer nameServer,
      List<DnsUpstream> upstream) {
    this.containerId = containerId;
    this.namespace = own.descriptor();
    this.fresh = own.routes();
    this.wanted = List.copyOf(wanted);
    this.publisher = publisher;
    this.nameServer = nameServer;
    this.upstream = List.copyOf(upstream);
  }

  @Override
  public Namespaces.Mode namespace() {
    return new Namespaces.Join(namespace.path());
  }

  @Override
  public Optional<Endpoint> endpoint() {
    return members.stream().map(Member::endpoint).findFirst();
  }

  @Override
  public List<PublishedPort> ports() {
    return published.stream().flatMap(one -> one.shown().stream()).toList();
  }

  /** Its places, to go on with after a {@link #resume}. */
  public List<Endpoint> places() {
    return members.stream().map(Member::endpoint).toList();
  }

  /** The host ports that were chosen, in the order of the wishes; empty while none is published. */
  public List<Integer> hostPorts() {
    return published.stream().map(port -> port.binding().hostPort()).toList();
  }

  /** Joins networks, all or none; the places are in the order asked for. */
  public synchronized List<Endpoint> connect(List<Connection> connections) throws IOException {
    List<Member> before = members;
    try (Rtnetlink inside = inside()) {
      for (Connection connection : connections) {
        join(connection, inside);
      }
      arrange(inside);
      if (resolver == null && members.stream().anyMatch(m -> m.network().names().isPresent())) {
        resolver = nameServer.listen(namespace, names());
      }
    } catch (IOException | RuntimeException e) {
      takeBack(before, e);
      throw e;
    }
    return members.subList(before.size(), members.size()).stream().map(Member::endpoint).toList();
  }

  /** Goes on with places that are in use already: the container outlived its daemon. */
  public synchronized void resume(List<Connection> connections, List<Endpoint> places)
      throws IOException {
    try (Rtnetlink inside = inside()) {
      for (int i = 0; i < places.size(); i++) {
        BridgeNetwork network = connections.get(i).network();
        network.reserveAgain(containerId, places.get(i));
        add(new Member(network, places.get(i), connections.get(i).options()));
        nextInterface = Math.max(nextInterface, numberOf(places.get(i)) + 1);
      }
      arrange(inside);
      if (members.stream().anyMatch(m -> m.network().names().isPresent())) {
        resolver = nameServer.listen(namespace, names());
      }
    }
  }

  private static int numberOf(Endpoint place) {
    return Integer.parseInt(place.interfaceName().substring(INTERFACE.length()));
  }

  private void takeBack(List<Member> before, Exception failure) {
    List<Member> joined = members.subList(before.size(), members.size());
    for (Member member : joined) {
      try {
        leave(member);
      } catch (IOException | RuntimeException e) {
        failure.addSuppressed(e);
      }
    }
  }

  /**
   * Works inside the namespace; not kept, because an open socket would keep the namespace alive.
   */
  private Rtnetlink inside() throws IOException {
    if (closed) {
      throw new SlipwayException(
          ErrorKind.CONFLICT, "container " + containerId + " is not running");
    }
    Rtnetlink first = fresh;
    fresh = null;
    return first != null ? first : NamespaceVisit.to(namespace, Rtnetlink::open);
  }

  private void join(Connection connection, Rtnetlink inside) throws IOException {
    BridgeNetwork network = connection.network();
    Endpoint endpoint =
        network.reserve(containerId, INTERFACE + nextInterface++, connection.options());
    try {
      network.plug(endpoint, namespace, inside);
    } catch (IOException | RuntimeException e) {
      network.free(endpoint);
      throw e;
    }
    add(new Member(network, endpoint, connection.options()));
  }

  private void add(Member member) {
    member.network().names().ifPresent(t -> t.put(member.endpoint(), member.options().names()));
    List<Member> more = new ArrayList<>(members);
    more.add(member);
    members = List.copyOf(more);
  }

  /** Leaves a network; false if it was not on it. */
  public synchronized boolean disconnect(BridgeNetwork network) throws IOException {
    Optional<Member> found = find(network);
    if (found.isPresent()) {
      leave(found.get());
    }
    return found.isPresent();
  }

  private Optional<Member> find(BridgeNetwork network) {
    return members.stream().filter(member -> member.network() == network).findFirst();
  }

  private void leave(Member member) throws IOException {
    members = members.stream().filter(other -> other != member).toList();
    member.network().names().ifPresent(table -> table.remove(member.endpoint()));
    try (Rtnetlink inside = inside()) {
      if (inside.find(member.endpoint().interfaceName()).isPresent()) {
        inside.delete(member.endpoint().interfaceName());
      }
      arrange(inside);
    } finally {
      member.network().free(member.endpoint());
    }
  }

  /** Changes by what others on a network find it. */
  public synchronized void setNames(BridgeNetwork network, List<String> names) {
    network
        .names()
        .ifPresent(table -> find(network).ifPresent(member -> table.put(member.endpoint(), names)));
  }

  /** Chooses the ways out anew, and publishes the ports at the one for IPv4. */
  private void arrange(Rtnetlink inside) throws IOException {
    Optional<Member> best =
        members.stream().filter(m -> m.endpoint().gateway().isPresent()).min(ORDER);
    Optional<Member> best6 =
        members.stream().filter(m -> m.endpoint().gateway6().isPresent()).min(ORDER);
    if (!best6.equals(wayOut6)) {
      if (best6.isPresent()) {
        inside.setDefaultRoute(best6.get().endpoint().gateway6().orElseThrow());
      } else {
        inside.removeDefaultRoute(SocketCalls.AF_INET6);
      }
      wayOut6 = best6;
    }
    if (!best.equals(wayOut)) {
      if (best.isPresent()) {
        inside.setDefaultRoute(best.get().endpoint().gateway().orElseThrow());
      } else {
        inside.removeDefaultRoute(SocketCalls.AF_INET);
      }
      publish(best);
      wayOut = best;
    }
  }

  /** Ports that were chosen once stay the same when they move to another network. */
  private void publish(Optional<Member> at) throws IOException {
    List<PortBinding> bindings =
        published.isEmpty()
            ? wanted
            : published.stream().map(PortPublisher.Published::binding).toList();
    unpublish();
    if (at.isPresent()) {
      Member member = at.get();
      String label =
          "%s (%s)".formatted(member.options().containerName(), member.endpoint().endpointId());
      published =
          publisher.publish(bindings, member.endpoint(), member.network().firewall(), label);
    }
  }

  private void unpublish() throws IOException {
    List<PortPublisher.Published> old = published;
    published = List.of();
    IOException failure = null;
    for (PortPublisher.Published port : old) {
      try {
        port.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** What this container's name server knows. */
  private NameServer.Names names() {
    return new NameServer.Names() {
      @Override
      public List<Endpoint> find(String name) {
        for (Member member : members) {
          List<Endpoint> found = find(member, name);
          if (!found.isEmpty()) {
            return found;
          }
        }
        int dot = name.lastIndexOf('.');
        for (Member member : members) {
          if (dot > 0 && name.substring(dot + 1).equalsIgnoreCase(member.network().sortName())) {
            return find(member, name.substring(0, dot));
          }
        }
        return List.of();
      }

      private List<Endpoint> find(Member member, String name) {
        String meant = member.options().links().getOrDefault(name, name);
        return member.network().names().map(table -> table.find(meant)).orElse(List.of());
      }

      @Override
      public Optional<String> nameOf(IpAddress address) {
        for (Member member : members) {
          Optional<NameTable> table = member.network().names();
          Optional<String> name = table.flatMap(t -> t.nameOf(address));
          if (name.isPresent()) {
            return Optional.of(name.get() + "." + table.get().network());
          }
        }
        return Optional.empty();
      }

      @Override
      public List<DnsUpstream> upstream() {
        boolean out = members.stream().anyMatch(m -> m.endpoint().gateway().isPresent());
        return out ? upstream : List.of();
      }
    };
  }

  /** The interfaces go with the namespace; deleting each would take 30 ms. */
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      unpublish();
    } finally {
      if (fresh != null) {
        fresh.close();
      }
      if (resolver != null) {
        resolver.close();
      }
      namespace.close();
      for (Member member : members) {
        member.network().names().ifPresent(table -> table.remove(member.endpoint()));
        member.network().free(member.endpoint());
      }
      members = List.of();
    }
  }
}
