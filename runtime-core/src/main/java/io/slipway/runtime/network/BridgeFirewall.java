package io.slipway.runtime.network;

import static io.slipway.runtime.network.NftRule.rule;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.SocketCalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The packet rules of one bridge, in an nf_tables table of its own:
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
 * <p>Another table may still drop what this one accepts. The one that often does is iptables'
 * {@code FORWARD} chain (Docker sets its policy to DROP), so two accepting rules with this bridge's
 * name are put at its head, if that chain exists, and taken out again.
 */
final class BridgeFirewall implements AutoCloseable {
  private static final String PREFIX = "slipway-";
  private static final Path INTERFACES = Path.of("/sys/class/net");
  private static final String PORTS = "ports";
  private static final String PREROUTING = "prerouting";
  private static final String OUTPUT = "output";
  private static final String POSTROUTING = "postrouting";
  private static final String FORWARD = "forward";
  private static final Ipv4Subnet LOOPBACK = Ipv4Subnet.parse("127.0.0.0/8");

  /** The names iptables uses. */
  private static final String IPTABLES_TABLE = "filter";

  private static final String IPTABLES_CHAIN = "FORWARD";

  private static final int FIXED_PART = 4;
  private static final int RULE_REPLY = 10 << 8 | NftBatch.NEWRULE;

  private final NetlinkSocket socket;
  private final BridgeDescription bridge;
  private final String table;
  private boolean closed;

  private BridgeFirewall(NetlinkSocket socket, BridgeDescription bridge) {
    this.socket = socket;
    this.bridge = bridge;
    this.table = PREFIX + bridge.name();
  }

  /** Puts the rules in place, in place of those an earlier daemon left. */
  static BridgeFirewall install(BridgeDescription bridge) throws IOException {
    NetlinkSocket socket = NetlinkSocket.open(SocketCalls.NETLINK_NETFILTER);
    try {
      BridgeFirewall firewall = new BridgeFirewall(socket, bridge);
      firewall.removeOrphans();
      firewall.removeFromIptables();
      socket.send(firewall.rules().finish());
      firewall.addToIptables();
      return firewall;
    } catch (LinuxException e) {
      socket.close();
      throw new SlipwayException(
          ErrorKind.UNAVAILABLE,
          "set up NAT for bridge %s: %s; the kernel needs nf_tables with nat, masq and fib"
              .formatted(bridge.name(), e.getMessage()),
          e);
    }
  }

  /** Tables of daemons that were killed, and whose bridges somebody has deleted since. */
  private void removeOrphans() throws LinuxException {
    NetlinkMessage list = NftBatch.message("list tables", NftBatch.GETTABLE, NetlinkMessage.DUMP);
    for (NetlinkReply reply : socket.dump(list)) {
      String name = NetlinkReply.text(reply.attributes(FIXED_PART).get(NftBatch.TABLE_NAME));
      boolean orphan =
          name.startsWith(PREFIX)
              && Files.notExists(INTERFACES.resolve(name.substring(PREFIX.length())));
      if (orphan) {
        // Another daemon may clean up at this moment: adding first makes that harmless.
        socket.send(new NftBatch().addTable(name).deleteTable(name).finish());
      }
    }
  }

  private NftBatch rules() {
    NftBatch batch = new NftBatch();
    // Adding first makes deleting safe when there is none.
    batch.addTable(table).deleteTable(table).addTable(table);
    batch
        .addChain(table, PORTS)
        .addBaseChain(table, PREROUTING, NftHook.DESTINATION_NAT)
        .addBaseChain(table, OUTPUT, NftHook.LOCAL_DESTINATION_NAT)
        .addBaseChain(table, POSTROUTING, NftHook.SOURCE_NAT)
        .addBaseChain(table, FORWARD, NftHook.FORWARD);
    String name = bridge.name();
    batch.addRule(table, PREROUTING, rule().comesNotFrom(name).destinationIsLocal().jump(PORTS));
    batch.addRule(
        table, OUTPUT, rule().destinationNotIn(LOOPBACK).destinationIsLocal().jump(PORTS));
    if (bridge.masquerade()) {
      batch.addRule(
          table, POSTROUTING, rule().sourceIn(bridge.gateway()).goesNotTo(name).masquerade());
    }
    return batch
        .addRule(table, FORWARD, rule().goesTo(name).isAnswer().accept())
        .addRule(table, FORWARD, rule().comesFrom(name).accept())
        .addRule(table, FORWARD, rule().goesTo(name).isPublished().accept())
        .addRule(table, FORWARD, rule().goesTo(name).drop());
  }

  /**
   * Sends a host port to a container.
   *
   * @return the rule's handle, for {@link #unpublish}
   */
  long publish(PortBinding port, Ipv4Address container) throws IOException {
    NftRule match = rule().protocolIs(port.protocol());
    if (!port.hostAddress().equals(PortBinding.ANY)) {
      match = match.destinationIs(port.hostAddress());
    }
    NftRule rule = match.portIs(port.hostPort()).sendTo(container, port.containerPort());
    List<NetlinkReply> replies = socket.send(new NftBatch().addRule(table, PORTS, rule).finish());
    return replies.stream()
        .filter(reply -> reply.type() == RULE_REPLY)
        .mapToLong(BridgeFirewall::handle)
        .findFirst()
        .orElseThrow(() -> new IOException("nf_tables did not tell the new rule's handle"));
  }

  private static long handle(NetlinkReply reply) {
    return ByteBuffer.wrap(reply.attributes(FIXED_PART).get(NftBatch.RULE_HANDLE)).getLong();
  }

  /** Takes a rule out; nothing is left to do once the whole table is gone. */
  void unpublish(long handle) throws IOException {
    synchronized (this) {
      if (closed) {
        return;
      }
    }
    socket.send(new NftBatch().deleteRule(table, PORTS, handle).finish());
  }

  private void addToIptables() throws LinuxException {
    if (!iptablesForwards()) {
      return;
    }
    String name = bridge.name();
    NftBatch batch = new NftBatch();
    for (NftRule match : List.of(rule().comesFrom(name), rule().goesTo(name))) {
      batch.insertRule(IPTABLES_TABLE, IPTABLES_CHAIN, match.counted().accept().commented(table));
    }
    socket.send(batch.finish());
  }

  private boolean iptablesForwards() throws LinuxException {
    NetlinkMessage get =
        NftBatch.message("find the FORWARD chain", NftBatch.GETCHAIN, NetlinkMessage.ACK)
            .attribute(1, IPTABLES_TABLE)
            .attribute(3, IPTABLES_CHAIN);
    try {
      socket.send(List.of(get));
      return true;
    } catch (LinuxException e) {
      if (e.is(Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
  }

  private void removeFromIptables() throws LinuxException {
    if (!iptablesForwards()) {
      return;
    }
    NetlinkMessage list =
        NftBatch.message("list FORWARD rules", NftBatch.GETRULE, NetlinkMessage.DUMP)
            .attribute(NftBatch.RULE_TABLE, IPTABLES_TABLE)
            .attribute(NftBatch.RULE_CHAIN, IPTABLES_CHAIN);
    byte[] mark = rule().commented(table).userData();
    List<Long> ours = new ArrayList<>();
    for (NetlinkReply reply : socket.dump(list)) {
      Map<Integer, byte[]> attributes = reply.attributes(FIXED_PART);
      byte[] data = attributes.getOrDefault(NftBatch.RULE_USERDATA, new byte[0]);
      boolean inChain =
          NetlinkReply.text(attributes.get(NftBatch.RULE_TABLE)).equals(IPTABLES_TABLE)
              && NetlinkReply.text(attributes.get(NftBatch.RULE_CHAIN)).equals(IPTABLES_CHAIN);
      if (inChain && Arrays.equals(data, mark)) {
        ours.add(handle(reply));
      }
    }
    if (!ours.isEmpty()) {
      NftBatch batch = new NftBatch();
      ours.forEach(handle -> batch.deleteRule(IPTABLES_TABLE, IPTABLES_CHAIN, handle));
      socket.send(batch.finish());
    }
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
      removeFromIptables();
      socket.send(new NftBatch().addTable(table).deleteTable(table).finish());
    }
  }
}
