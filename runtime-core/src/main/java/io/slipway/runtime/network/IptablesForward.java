package io.slipway.runtime.network;

import static io.slipway.runtime.network.NftRule.rule;

import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.LinuxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Two accepting rules for one bridge at the head of iptables' {@code FORWARD} chain, if the machine
 * has one: what one table accepts another may still drop, and this is the one that often does
 * (Docker sets its policy to DROP). The rules carry a note, by which they are found again; no other
 * rule is touched.
 */
final class IptablesForward {
  /** The names iptables uses. */
  private static final String TABLE = "filter";

  private static final String CHAIN = "FORWARD";
  private static final int FIXED_PART = 4;

  private final NetlinkSocket socket;
  private final String bridge;
  private final String note;

  IptablesForward(NetlinkSocket socket, String bridge, String note) {
    this.socket = socket;
    this.bridge = bridge;
    this.note = note;
  }

  void add(List<NftFamily> families) throws LinuxException {
    for (NftFamily family : families) {
      if (exists(family)) {
        NftBatch batch = new NftBatch().in(family);
        for (NftRule match : List.of(rule().comesFrom(bridge), rule().goesTo(bridge))) {
          batch.insertRule(TABLE, CHAIN, match.counted().accept().commented(note));
        }
        socket.send(batch.finish());
      }
    }
  }

  private boolean exists(NftFamily family) throws LinuxException {
    NetlinkMessage get =
        NftBatch.message(family, "find the FORWARD chain", NftBatch.GETCHAIN, NetlinkMessage.ACK)
            .attribute(1, TABLE)
            .attribute(3, CHAIN);
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

  void remove(List<NftFamily> families) throws LinuxException {
    for (NftFamily family : families) {
      if (exists(family)) {
        List<Long> ours = ours(family);
        if (!ours.isEmpty()) {
          NftBatch batch = new NftBatch().in(family);
          ours.forEach(handle -> batch.deleteRule(TABLE, CHAIN, handle));
          socket.send(batch.finish());
        }
      }
    }
  }

  private List<Long> ours(NftFamily family) throws LinuxException {
    NetlinkMessage list =
        NftBatch.message(family, "list FORWARD rules", NftBatch.GETRULE, NetlinkMessage.DUMP)
            .attribute(NftBatch.RULE_TABLE, TABLE)
            .attribute(NftBatch.RULE_CHAIN, CHAIN);
    byte[] mark = rule().commented(note).userData();
    List<Long> ours = new ArrayList<>();
    for (NetlinkReply reply : socket.dump(list)) {
      Map<Integer, byte[]> attributes = reply.attributes(FIXED_PART);
      byte[] data = attributes.getOrDefault(NftBatch.RULE_USERDATA, new byte[0]);
      boolean inChain =
          NetlinkReply.text(attributes.get(NftBatch.RULE_TABLE)).equals(TABLE)
              && NetlinkReply.text(attributes.get(NftBatch.RULE_CHAIN)).equals(CHAIN);
      if (inChain && Arrays.equals(data, mark)) {
        ours.add(BridgeFirewall.handle(attributes));
      }
    }
    return ours;
  }
}
