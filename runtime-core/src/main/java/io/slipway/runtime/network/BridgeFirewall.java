package io.slipway.runtime.network;

import static io.slipway.runtime.network.NftRule.rule;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.linux.SocketCalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The packet rules of one bridge, in an nf_tables table of its own for each family it has:
 *
 * <pre>
 * table ip slipway-BRIDGE {
 *   chain ports         { one rule per published port: tcp dport 8080 dnat to 172.17.0.2:80 }
 *   chain prerouting    { hook, dstnat:  iifname != BRIDGE fib daddr type local jump ports }
 *   chain output        { hook, dstnat:  ip daddr != 127.0.0.0/8 fib daddr type local jump ports }
 *   chain postrouting   { hook, srcnat:  ip saddr SUBNET oifname != BRIDGE masquerade }
 *   chain forward       { hook, filter:  answers, from the bridge, published: accept
 *                                        other packets to the bridge: drop }
 * }
 * </pre>
 *
 * <p>So networks are apart from each other: what comes from another bridge is none of the accepted.
 * The forward chain of an internal network drops whatever does not stay on it.
 *
 * <p>Another table may still drop what this one accepts: see {@link IptablesForward}.
 */
final class BridgeFirewall implements AutoCloseable {
  private static final String PREFIX = "slipway-";

  /** Of the network namespace that this thread is in, whatever /sys shows. */
  private static final Path INTERFACES = Path.of("/proc/thread-self/net/dev");

  private static final int HEADER_LINES = 2;
  private static final String PORTS = "ports";
  private static final String PREROUTING = "prerouting";
  private static final String OUTPUT = "output";
  private static final String POSTROUTING = "postrouting";
  private static final String FORWARD = "forward";
  private static final Ipv4Subnet LOOPBACK = Ipv4Subnet.parse("127.0.0.0/8");

  private static final int FIXED_PART = 4;
  private static final int RULE_REPLY = 10 << 8 | NftBatch.NEWRULE;

  private final NetlinkSocket socket;
  private final BridgeDescription bridge;
  private final String table;
  private final IptablesForward iptables;
  private boolean closed;

  /** A rule of the chain of ports, to be taken out again. */
  record PortRule(NftFamily family, long handle) {}

  private BridgeFirewall(NetlinkSocket socket, BridgeDescription bridge) {
    this.socket = socket;
    this.bridge = bridge;
    this.table = PREFIX + bridge.name();
    this.iptables = new IptablesForward(socket, bridge.name(), table);
  }

  private List<NftFamily> families() {
    return bridge.gateway6().isPresent()
        ? List.of(NftFamily.IPV4, NftFamily.IPV6)
        : List.of(NftFamily.IPV4);
  }

  /** Puts the rules in place, in place of those an earlier daemon left. */
  static BridgeFirewall install(BridgeDescription bridge) throws IOException {
    NetlinkSocket socket = NetlinkSocket.open(SocketCalls.NETLINK_NETFILTER);
    try {
      BridgeFirewall firewall = new BridgeFirewall(socket, bridge);
      firewall.removeOrphans();
      firewall.iptables.remove(firewall.families());
      socket.send(firewall.rules().finish());
      if (!bridge.internal()) {
        firewall.iptables.add(firewall.families());
      }
      return firewall;
    } catch (IOException e) {
      socket.close();
      throw new SlipwayException(
          ErrorKind.UNAVAILABLE,
          "set up NAT for bridge %s: %s; the kernel needs nf_tables with nat, masq and fib"
              .formatted(bridge.name(), e.getMessage()),
          e);
    }
  }

  /** Tables of daemons that were killed, and whose bridges somebody has deleted since. */
  private void removeOrphans() throws IOException {
    for (NftFamily family : NftFamily.values()) {
      NetlinkMessage list =
          NftBatch.message(family, "list tables", NftBatch.GETTABLE, NetlinkMessage.DUMP);
      List<NetlinkReply> tables = socket.dump(list);
      // After the tables, since a bridge is there before its table.
      Set<String> interfaces = interfaces();
      for (NetlinkReply reply : tables) {
        String name = NetlinkReply.text(reply.attributes(FIXED_PART).get(NftBatch.TABLE_NAME));
        boolean orphan =
            name.startsWith(PREFIX) && !interfaces.contains(name.substring(PREFIX.length()));
        if (orphan) {
          // Another daemon may clean up at this moment: adding first makes that harmless.
          socket.send(new NftBatch().in(family).addTable(name).deleteTable(name).finish());
        }
      }
    }
  }

  private static Set<String> interfaces() throws IOException {
    return Files.readAllLines(INTERFACES).stream()
        .skip(HEADER_LINES)
        .map(line -> line.substring(0, line.indexOf(':')).strip())
        .collect(Collectors.toSet());
  }

  private NftBatch rules() {
    NftBatch batch = new NftBatch();
    rules(batch, NftFamily.IPV4, bridge.gateway());
    bridge.gateway6().ifPresent(subnet -> rules(batch, NftFamily.IPV6, subnet));
    return batch;
  }

  private void rules(NftBatch batch, NftFamily family, IpSubnet subnet) {
    // Adding first makes deleting safe when there is none.
    batch.in(family).addTable(table).deleteTable(table).addTable(table);
    batch.addBaseChain(table, FORWARD, NftHook.FORWARD);
    String name = bridge.name();
    if (bridge.internal()) {
      batch
          .addRule(table, FORWARD, rule().comesFrom(name).goesTo(name).accept())
          .addRule(table, FORWARD, rule().comesFrom(name).drop())
          .addRule(table, FORWARD, rule().goesTo(name).drop());
      return;
    }
    batch
        .addChain(table, PORTS)
        .addBaseChain(table, PREROUTING, NftHook.DESTINATION_NAT)
        .addBaseChain(table, OUTPUT, NftHook.LOCAL_DESTINATION_NAT)
        .addBaseChain(table, POSTROUTING, NftHook.SOURCE_NAT);
    batch.addRule(table, PREROUTING, rule().comesNotFrom(name).destinationIsLocal().jump(PORTS));
    NftRule own = family == NftFamily.IPV4 ? rule().destinationNotIn(LOOPBACK) : notLoopback6();
    batch.addRule(table, OUTPUT, own.destinationIsLocal().jump(PORTS));
    if (bridge.masquerade()) {
      batch.addRule(table, POSTROUTING, rule().sourceIn(subnet).goesNotTo(name).masquerade());
    }
    batch
        .addRule(table, FORWARD, rule().goesTo(name).isAnswer().accept())
        .addRule(table, FORWARD, rule().comesFrom(name).accept())
        .addRule(table, FORWARD, rule().goesTo(name).isPublished().accept())
        .addRule(table, FORWARD, rule().goesTo(name).drop());
  }

  /** {@code ::1} is the only one. */
  private static NftRule notLoopback6() {
    return rule().destinationIsNot(new Ipv6Address(0, 1));
  }

  /** Sends a host port to a container's address. */
  PortRule publish(PortBinding port, IpAddress container) throws IOException {
    NftRule match = rule().protocolIs(port.protocol());
    if (port.isAtOneAddress()) {
      match = match.destinationIs(port.hostAddress().orElseThrow());
    }
    NftFamily family = NftFamily.of(container);
    NftRule rule = match.portIs(port.hostPort()).sendTo(container, port.containerPort());
    NftBatch batch = new NftBatch().in(family).addRule(table, PORTS, rule);
    List<NetlinkReply> replies = socket.send(batch.finish());
    return replies.stream()
        .filter(reply -> reply.type() == RULE_REPLY)
        .findFirst()
        .map(reply -> new PortRule(family, handle(reply.attributes(FIXED_PART))))
        .orElseThrow(() -> new IOException("nf_tables did not tell the new rule's handle"));
  }

  static long handle(Map<Integer, byte[]> attributes) {
    return ByteBuffer.wrap(attributes.get(NftBatch.RULE_HANDLE)).getLong();
  }

  /** Takes a rule out; nothing is left to do once the whole table is gone. */
  void unpublish(PortRule rule) throws IOException {
    synchronized (this) {
      if (closed) {
        return;
      }
    }
    socket.send(new NftBatch().in(rule.family()).deleteRule(table, PORTS, rule.handle()).finish());
  }

  @Override
  public void close() throws IOException {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    try (socket) {
      iptables.remove(families());
      NftBatch batch = new NftBatch();
      families().forEach(family -> batch.in(family).addTable(table).deleteTable(table));
      socket.send(batch.finish());
    }
  }
}
