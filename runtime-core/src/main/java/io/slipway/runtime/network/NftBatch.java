package io.slipway.runtime.network;

import static io.slipway.runtime.network.NetlinkMessage.ACK;
import static io.slipway.runtime.network.NetlinkMessage.APPEND;
import static io.slipway.runtime.network.NetlinkMessage.CREATE;
import static io.slipway.runtime.network.NetlinkMessage.ECHO;

import java.util.ArrayList;
import java.util.List;

/**
 * A transaction of nf_tables changes: all happen or none. Numbers from linux/netfilter/nf_tables.h;
 * nf_tables wants its numbers big-endian.
 */
final class NftBatch {
  static final String BEGIN = "begin transaction";

  static final int NEWTABLE = 0;
  static final int GETTABLE = 1;
  static final int DELTABLE = 2;
  static final int NEWCHAIN = 3;
  static final int GETCHAIN = 4;
  static final int NEWRULE = 6;
  static final int GETRULE = 7;
  static final int DELRULE = 8;

  static final int RULE_TABLE = 1;
  static final int RULE_CHAIN = 2;
  static final int RULE_HANDLE = 3;
  static final int RULE_EXPRESSIONS = 4;
  static final int RULE_USERDATA = 7;

  static final int TABLE_NAME = 1;
  private static final int CHAIN_TABLE = 1;
  private static final int CHAIN_NAME = 3;
  private static final int CHAIN_HOOK = 4;
  private static final int CHAIN_TYPE = 7;
  private static final int HOOK_NUMBER = 1;
  private static final int HOOK_PRIORITY = 2;

  private static final int SUBSYSTEM = 10;
  private static final int BATCH_BEGIN = 16;
  private static final int BATCH_END = 17;

  private final List<NetlinkMessage> messages = new ArrayList<>();
  private NftFamily family = NftFamily.IPV4;

  NftBatch() {
    messages.add(bracket(BEGIN, BATCH_BEGIN));
  }

  private static NetlinkMessage bracket(String what, int type) {
    return new NetlinkMessage(what, type, 0).u8(0).u8(0).bigU16(SUBSYSTEM);
  }

  /** Starts a message of the subsystem. */
  static NetlinkMessage message(NftFamily family, String what, int type, int flags) {
    return new NetlinkMessage(what, SUBSYSTEM << 8 | type, flags)
        .u8(family.number())
        .u8(0)
        .bigU16(0);
  }

  private NetlinkMessage message(String what, int type, int flags) {
    return message(family, what, type, flags);
  }

  /** What is added from here on is for packets of this family. */
  NftBatch in(NftFamily newFamily) {
    family = newFamily;
    return this;
  }

  NftBatch addTable(String table) {
    messages.add(
        message("add table " + table, NEWTABLE, ACK | CREATE).attribute(TABLE_NAME, table));
    return this;
  }

  NftBatch deleteTable(String table) {
    messages.add(message("delete table " + table, DELTABLE, ACK).attribute(TABLE_NAME, table));
    return this;
  }

  /** A chain that is only reached by jumps. */
  NftBatch addChain(String table, String chain) {
    messages.add(
        message("add chain " + chain, NEWCHAIN, ACK | CREATE)
            .attribute(CHAIN_TABLE, table)
            .attribute(CHAIN_NAME, chain));
    return this;
  }

  /** A chain packets enter at a hook. */
  NftBatch addBaseChain(String table, String chain, NftHook hook) {
    messages.add(
        message("add chain " + chain, NEWCHAIN, ACK | CREATE)
            .attribute(CHAIN_TABLE, table)
            .attribute(CHAIN_NAME, chain)
            .attribute(CHAIN_TYPE, hook.type())
            .begin(CHAIN_HOOK)
            .bigAttribute(HOOK_NUMBER, hook.number())
            .bigAttribute(HOOK_PRIORITY, hook.priority())
            .end());
    return this;
  }

  /** Adds a rule at the end of a chain; the reply tells its handle. */
  NftBatch addRule(String table, String chain, NftRule rule) {
    messages.add(rule(table, chain, rule, ACK | CREATE | APPEND | ECHO));
    return this;
  }

  /** Adds a rule at the head of a chain. */
  NftBatch insertRule(String table, String chain, NftRule rule) {
    messages.add(rule(table, chain, rule, ACK | CREATE | ECHO));
    return this;
  }

  private NetlinkMessage rule(String table, String chain, NftRule rule, int flags) {
    NetlinkMessage message =
        message("add rule to " + chain, NEWRULE, flags)
            .attribute(RULE_TABLE, table)
            .attribute(RULE_CHAIN, chain);
    message.begin(RULE_EXPRESSIONS);
    rule.expressions().forEach(expression -> expression.write(message));
    message.end();
    if (!rule.comment().isEmpty()) {
      message.attribute(RULE_USERDATA, rule.userData());
    }
    return message;
  }

  NftBatch deleteRule(String table, String chain, long handle) {
    messages.add(
        message("delete rule of " + chain, DELRULE, ACK)
            .attribute(RULE_TABLE, table)
            .attribute(RULE_CHAIN, chain)
            .bigAttribute(RULE_HANDLE, handle));
    return this;
  }

  List<NetlinkMessage> finish() {
    List<NetlinkMessage> all = new ArrayList<>(messages);
    all.add(bracket("end transaction", BATCH_END));
    return all;
  }
}
