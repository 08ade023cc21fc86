package io.slipway.runtime.network;

import static io.slipway.runtime.network.NetlinkMessage.ACK;
import static io.slipway.runtime.network.NetlinkMessage.CREATE;
import static io.slipway.runtime.network.NetlinkMessage.EXCLUSIVE;

import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.SocketCalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Links, addresses and routes of one network namespace ({@code rtnetlink(7)}; numbers from
 * linux/rtnetlink.h, if_link.h, if_addr.h, veth.h).
 */
final class Rtnetlink implements AutoCloseable {
  private static final int NEWLINK = 16;
  private static final int DELLINK = 17;
  private static final int GETLINK = 18;
  private static final int SETLINK = 19;
  private static final int NEWADDR = 20;
  private static final int DELADDR = 21;
  private static final int GETADDR = 22;
  private static final int NEWROUTE = 24;
  private static final int DELROUTE = 25;
  private static final int REPLACE = 0x100;

  private static final int LINK_FIXED_PART = 16;
  private static final int ADDRESS_FIXED_PART = 8;
  private static final int UP = 1;
  private static final int NO_DUPLICATE_DETECTION = 2;
  private static final int LOOPBACK_INDEX = 1;

  private static final int IFLA_ADDRESS = 1;
  private static final int IFLA_IFNAME = 3;
  private static final int IFLA_MTU = 4;
  private static final int IFLA_MASTER = 10;
  private static final int IFLA_OPERSTATE = 16;
  private static final int IFLA_LINKINFO = 18;
  private static final int IFLA_IFALIAS = 20;
  private static final int IFLA_NET_NS_FD = 28;
  private static final int STATE_UP = 6;
  private static final int INFO_KIND = 1;
  private static final int INFO_DATA = 2;
  private static final int INFO_SLAVE_KIND = 4;
  private static final int INFO_SLAVE_DATA = 5;
  private static final int BRPORT_ISOLATED = 33;
  private static final int VETH_PEER = 1;
  private static final int IFA_ADDRESS = 1;
  private static final int IFA_LOCAL = 2;
  private static final int IFA_BROADCAST = 4;
  private static final int RTA_GATEWAY = 5;
  private static final int TABLE_MAIN = 254;
  private static final int PROTOCOL_STATIC = 4;
  private static final int TYPE_UNICAST = 1;
  private static final int CARRIER_TRIES = 100;
  private static final long CARRIER_PAUSE_NANOS = 500_000;

  private final NetlinkSocket socket;

  private Rtnetlink(NetlinkSocket socket) {
    this.socket = socket;
  }

  /** For the calling thread's network namespace. */
  static Rtnetlink open() throws IOException {
    return new Rtnetlink(NetlinkSocket.open(SocketCalls.NETLINK_ROUTE));
  }

  /**
   * An interface.
   *
   * @param kind {@code bridge}, {@code veth}; empty for hardware
   * @param alias the note that can be put on it, or empty
   * @param carrying it is up and the other end is too, so packets pass
   */
  record Link(int index, String name, String kind, String alias, boolean carrying) {}

  Optional<Link> find(String name) throws LinuxException {
    NetlinkMessage get = link("find interface " + name, GETLINK, ACK, 0, 0);
    try {
      for (NetlinkReply reply : socket.send(List.of(get.attribute(IFLA_IFNAME, name)))) {
        return Optional.of(parse(reply));
      }
      return Optional.empty();
    } catch (LinuxException e) {
      if (e.is(Errno.ENODEV)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Waits until packets pass through the interfaces. The kernel notices a new pair in its own time
   * (usually at once, under load after a while; looking makes it hurry since 6.9), and what is sent
   * before is lost: the first connection would wait a second for its second try.
   */
  void awaitCarrying(List<String> names) throws IOException {
    for (int tries = 0; tries < CARRIER_TRIES; tries++) {
      List<NetlinkMessage> questions =
          names.stream()
              .map(name ->
                  link("find interface " + name, GETLINK, ACK, 0, 0).attribute(IFLA_IFNAME, name))
              .toList();
      if (socket.send(questions).stream().allMatch(reply -> parse(reply).carrying())) {
        return;
      }
      LockSupport.parkNanos(CARRIER_PAUSE_NANOS);
    }
  }

  private static Link parse(NetlinkReply reply) {
    Map<Integer, byte[]> attributes = reply.attributes(LINK_FIXED_PART);
    byte[] info = attributes.getOrDefault(IFLA_LINKINFO, new byte[0]);
    byte[] kind = NetlinkReply.attributes(info, 0).getOrDefault(INFO_KIND, new byte[0]);
    byte[] alias = attributes.getOrDefault(IFLA_IFALIAS, new byte[0]);
    byte[] state = attributes.getOrDefault(IFLA_OPERSTATE, new byte[1]);
    return new Link(
        reply.intAt(4),
        NetlinkReply.text(attributes.get(IFLA_IFNAME)),
        NetlinkReply.text(kind),
        NetlinkReply.text(alias),
        state[0] == STATE_UP);
  }

  /** Makes a bridge that is up. Its own MAC keeps it from taking a container's. */
  Link addBridge(String name, MacAddress mac, int mtu, String alias) throws LinuxException {
    NetlinkMessage add =
        link("add bridge " + name, NEWLINK, ACK | CREATE | EXCLUSIVE, 0, UP)
            .attribute(IFLA_IFNAME, name)
            .attribute(IFLA_ADDRESS, mac.bytes())
            .attribute(IFLA_MTU, mtu)
            .begin(IFLA_LINKINFO)
            .attribute(INFO_KIND, "bridge")
            .end();
    NetlinkMessage note =
        link("name bridge " + name, SETLINK, ACK, 0, 0)
            .attribute(IFLA_IFNAME, name)
            .attribute(IFLA_IFALIAS, alias);
    socket.send(List.of(add, note));
    return find(name).orElseThrow(() -> new IllegalStateException(name + " vanished"));
  }

  void setUp(int index) throws LinuxException {
    socket.send(List.of(link("set interface up", SETLINK, ACK, index, UP)));
  }

  /**
   * Makes a pair of interfaces in one step: one on the bridge here, which is up, and its peer
   * inside a container's namespace, which is not.
   *
   * @param isolated keeps the port from talking to other isolated ports of the bridge
   */
  void addVeth(String name, int bridgeIndex, boolean isolated, int mtu, Peer peer)
      throws LinuxException {
    NetlinkMessage add =
        link("add veth " + name, NEWLINK, ACK | CREATE | EXCLUSIVE, 0, UP)
            .attribute(IFLA_IFNAME, name)
            .attribute(IFLA_MTU, mtu)
            .attribute(IFLA_MASTER, bridgeIndex)
            .begin(IFLA_LINKINFO)
            .attribute(INFO_KIND, "veth")
            .begin(INFO_DATA)
            .begin(VETH_PEER);
    // The kernel starts the peer before the pair is tied, so it cannot be up from its birth.
    fixedPart(add, 0, 0)
        .attribute(IFLA_IFNAME, peer.name())
        .attribute(IFLA_MTU, mtu)
        .attribute(IFLA_ADDRESS, peer.mac().bytes())
        .attribute(IFLA_NET_NS_FD, peer.namespace().number())
        .end()
        .end()
        .end();
    if (!isolated) {
      socket.send(List.of(add));
      return;
    }
    // Only NEWLINK looks at the data of a bridge's port; without CREATE it changes what is there.
    NetlinkMessage isolate =
        link("isolate " + name, NEWLINK, ACK, 0, 0)
            .attribute(IFLA_IFNAME, name)
            .begin(IFLA_LINKINFO)
            .attribute(INFO_SLAVE_KIND, "bridge")
            .begin(INFO_SLAVE_DATA)
            .byteAttribute(BRPORT_ISOLATED, 1)
            .end()
            .end();
    socket.send(List.of(add, isolate));
  }

  /** The end of a pair that lies in another namespace. */
  record Peer(String name, MacAddress mac, Fd namespace) {}

  void setLoopbackUp() throws LinuxException {
    socket.send(List.of(link("set loopback up", SETLINK, ACK, LOOPBACK_INDEX, UP)));
  }

  /** Gives an interface its addresses and sets it up. */
  void configure(int index, List<IpSubnet> addresses) throws LinuxException {
    List<NetlinkMessage> messages = new ArrayList<>();
    addresses.forEach(address -> messages.add(address(index, address, EXCLUSIVE)));
    messages.add(link("set interface up", SETLINK, ACK, index, UP));
    socket.send(messages);
  }

  /** Adds an address; one that is there already stays. */
  void addAddress(int index, IpSubnet address) throws LinuxException {
    socket.send(List.of(address(index, address, REPLACE)));
  }

  private static NetlinkMessage address(int index, IpSubnet address, int mode) {
    byte[] bytes = address.address().bytes();
    NetlinkMessage add =
        new NetlinkMessage("add address " + address, NEWADDR, ACK | CREATE | mode)
            .u8(family(address.address()))
            .u8(address.prefixLength())
            // Nobody else has it: looking for duplicates would keep it from use for a second.
            .u8(address instanceof Ipv6Subnet ? NO_DUPLICATE_DETECTION : 0)
            .u8(0)
            .u32(index)
            .attribute(IFA_LOCAL, bytes)
            .attribute(IFA_ADDRESS, bytes);
    return address instanceof Ipv4Subnet four
        ? add.attribute(IFA_BROADCAST, four.broadcast().bytes())
        : add;
  }

  private static int family(IpAddress address) {
    return address instanceof Ipv4Address ? SocketCalls.AF_INET : SocketCalls.AF_INET6;
  }

  /** Makes an address of an attached network the way out, in place of another. */
  void setDefaultRoute(IpAddress gateway) throws LinuxException {
    NetlinkMessage add =
        route("set default route by " + gateway, NEWROUTE, CREATE | REPLACE, family(gateway));
    socket.send(List.of(add.attribute(RTA_GATEWAY, gateway.bytes())));
  }

  /** Takes the way out of a family; fine if there is none. */
  void removeDefaultRoute(int family) throws LinuxException {
    try {
      socket.send(List.of(route("remove default route", DELROUTE, 0, family)));
    } catch (LinuxException e) {
      if (!e.is(Errno.ESRCH)) {
        throw e;
      }
    }
  }

  private static NetlinkMessage route(String what, int type, int flags, int family) {
    return new NetlinkMessage(what, type, ACK | flags)
        .u8(family)
        .u8(0)
        .u8(0)
        .u8(0)
        .u8(TABLE_MAIN)
        .u8(PROTOCOL_STATIC)
        .u8(0)
        .u8(TYPE_UNICAST)
        .u32(0);
  }

  /** IPv4 addresses of an interface, with their prefixes. */
  List<Ipv4Subnet> addresses(int index) throws LinuxException {
    NetlinkMessage dump =
        new NetlinkMessage("list addresses", GETADDR, NetlinkMessage.DUMP)
            .u8(SocketCalls.AF_INET)
            .u8(0)
            .u16(0)
            .u32(0);
    return socket.dump(dump).stream()
        .filter(reply -> reply.intAt(4) == index && isSubnet(reply.body()[1]))
        .map(reply ->
            new Ipv4Subnet(
                new Ipv4Address(
                    ByteBuffer.wrap(reply.attributes(ADDRESS_FIXED_PART).get(IFA_LOCAL)).getInt()),
                reply.body()[1]))
        .toList();
  }

  /** A user's own bridge may have addresses that are no subnets; they are not ours to judge. */
  private static boolean isSubnet(int prefixLength) {
    return prefixLength >= Ipv4Subnet.MIN_PREFIX && prefixLength <= Ipv4Subnet.MAX_PREFIX;
  }

  void removeAddress(int index, Ipv4Subnet address) throws LinuxException {
    socket.send(
        List.of(
            new NetlinkMessage("remove address " + address, DELADDR, ACK)
                .u8(SocketCalls.AF_INET)
                .u8(address.prefixLength())
                .u16(0)
                .u32(index)
                .attribute(IFA_LOCAL, address.address().bytes())));
  }

  /** Deletes an interface; waits for the kernel, some 30 ms, so never while a container starts. */
  void delete(String name) throws LinuxException {
    socket.send(
        List.of(link("delete interface " + name, DELLINK, ACK, 0, 0).attribute(IFLA_IFNAME, name)));
  }

  private static NetlinkMessage link(String what, int type, int flags, int index, int up) {
    return fixedPart(new NetlinkMessage(what, type, flags), index, up);
  }

  /** {@code struct ifinfomsg}. */
  private static NetlinkMessage fixedPart(NetlinkMessage message, int index, int up) {
    return message.u8(0).u8(0).u16(0).u32(index).u32(up).u32(up);
  }

  @Override
  public void close() {
    socket.close();
  }
}
