package io.slipway.runtime.network;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A rule as nf_tables' own small instructions, built from left to right as {@code nft} would write
 * it: tests, then one verdict. Immutable.
 */
record NftRule(List<Expression> expressions, String comment) {
  private static final int EXPRESSION_NAME = 1;
  private static final int EXPRESSION_DATA = 2;
  private static final int LIST_ELEMENT = 1;
  private static final int VALUE = 1;
  private static final int VERDICT = 2;

  /** Registers: the verdict, and two of 16 bytes. */
  private static final int REGISTER_VERDICT = 0;

  private static final int REGISTER_1 = 1;
  private static final int REGISTER_2 = 2;

  private static final int EQUAL = 0;
  private static final int NOT_EQUAL = 1;

  private static final int META_IN_NAME = 6;
  private static final int META_OUT_NAME = 7;
  private static final int META_PROTOCOL = 16;
  private static final int BASE_NETWORK = 1;
  private static final int BASE_TRANSPORT = 2;
  private static final int DESTINATION_PORT_AT = 2;
  private static final int PORT_BYTES = 2;
  private static final int NAME_BYTES = 16;

  private static final int CT_STATE = 0;
  private static final int CT_STATUS = 2;
  private static final int STATE_ESTABLISHED_OR_RELATED = 2 | 4;
  private static final int STATUS_DESTINATION_CHANGED = 1 << 5;

  private static final int FIB_ADDRESS_TYPE = 3;
  private static final int FIB_OF_DESTINATION = 2;
  private static final int TYPE_LOCAL = 2;

  private static final int NAT_DESTINATION = 1;
  private static final int ACCEPT = 1;
  private static final int DROP = 0;
  private static final int JUMP = -3;

  /** One instruction: its name and its attributes. */
  record Expression(String name, Consumer<NetlinkMessage> attributes) {
    void write(NetlinkMessage message) {
      message.begin(LIST_ELEMENT).attribute(EXPRESSION_NAME, name).begin(EXPRESSION_DATA);
      attributes.accept(message);
      message.end().end();
    }
  }

  NftRule {
    expressions = List.copyOf(expressions);
  }

  /** A rule without a test, so far. */
  static NftRule rule() {
    return new NftRule(List.of(), "");
  }

  NftRule commented(String text) {
    return new NftRule(expressions, text);
  }

  /** How {@code nft} keeps a comment: type 0, length, zero-terminated text. */
  byte[] userData() {
    byte[] text = (comment + "\0").getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(2 + text.length)
        .put((byte) 0)
        .put((byte) text.length)
        .put(text)
        .array();
  }

  NftRule comesFrom(String device) {
    return meta(META_IN_NAME).compare(EQUAL, deviceName(device));
  }

  NftRule comesNotFrom(String device) {
    return meta(META_IN_NAME).compare(NOT_EQUAL, deviceName(device));
  }

  NftRule goesTo(String device) {
    return meta(META_OUT_NAME).compare(EQUAL, deviceName(device));
  }

  NftRule goesNotTo(String device) {
    return meta(META_OUT_NAME).compare(NOT_EQUAL, deviceName(device));
  }

  NftRule protocolIs(PortProtocol protocol) {
    return meta(META_PROTOCOL).compare(EQUAL, new byte[] {(byte) protocol.number()});
  }

  NftRule sourceIn(IpSubnet subnet) {
    NftFamily family = NftFamily.of(subnet.network());
    return load(BASE_NETWORK, family.sourceAt(), family.addressBytes())
        .mask(mask(subnet))
        .compare(EQUAL, subnet.network().bytes());
  }

  NftRule destinationIs(IpAddress address) {
    NftFamily family = NftFamily.of(address);
    return load(BASE_NETWORK, family.destinationAt(), family.addressBytes())
        .compare(EQUAL, address.bytes());
  }

  NftRule destinationIsNot(IpAddress address) {
    NftFamily family = NftFamily.of(address);
    return load(BASE_NETWORK, family.destinationAt(), family.addressBytes())
        .compare(NOT_EQUAL, address.bytes());
  }

  NftRule destinationNotIn(IpSubnet subnet) {
    NftFamily family = NftFamily.of(subnet.network());
    return load(BASE_NETWORK, family.destinationAt(), family.addressBytes())
        .mask(mask(subnet))
        .compare(NOT_EQUAL, subnet.network().bytes());
  }

  private static byte[] mask(IpSubnet subnet) {
    return switch (subnet) {
      case Ipv4Subnet four -> new Ipv4Address(four.mask()).bytes();
      case Ipv6Subnet six -> six.mask().bytes();
    };
  }

  NftRule portIs(int port) {
    return load(BASE_TRANSPORT, DESTINATION_PORT_AT, PORT_BYTES).compare(EQUAL, portBytes(port));
  }

  /** The destination is one of the machine's own addresses. */
  NftRule destinationIsLocal() {
    return with(
            "fib",
            m ->
                m.bigAttribute(1, REGISTER_1)
                    .bigAttribute(2, FIB_ADDRESS_TYPE)
                    .bigAttribute(3, FIB_OF_DESTINATION))
        .compare(EQUAL, machineOrder(TYPE_LOCAL));
  }

  NftRule isAnswer() {
    return connection(CT_STATE, STATE_ESTABLISHED_OR_RELATED);
  }

  /** The connection was sent here by a published port. */
  NftRule isPublished() {
    return connection(CT_STATUS, STATUS_DESTINATION_CHANGED);
  }

  private NftRule connection(int key, int bits) {
    return with("ct", m -> m.bigAttribute(1, REGISTER_1).bigAttribute(2, key))
        .mask(machineOrder(bits))
        .compare(NOT_EQUAL, machineOrder(0));
  }

  /** Counts packets; {@code iptables} shows rules of its tables only with a counter. */
  NftRule counted() {
    return with("counter", m -> m.bigAttribute(1, 0L).bigAttribute(2, 0L));
  }

  NftRule accept() {
    return verdict(ACCEPT, "");
  }

  NftRule drop() {
    return verdict(DROP, "");
  }

  NftRule jump(String chain) {
    return verdict(JUMP, chain);
  }

  /** Takes the outgoing interface's address as the source. */
  NftRule masquerade() {
    return with("masq", m -> {});
  }

  NftRule sendTo(IpAddress address, int port) {
    return immediate(REGISTER_1, address.bytes())
        .immediate(REGISTER_2, portBytes(port))
        .with(
            "nat",
            m ->
                m.bigAttribute(1, NAT_DESTINATION)
                    .bigAttribute(2, NftFamily.of(address).number())
                    .bigAttribute(3, REGISTER_1)
                    .bigAttribute(5, REGISTER_2));
  }

  private NftRule meta(int key) {
    return with("meta", m -> m.bigAttribute(1, REGISTER_1).bigAttribute(2, key));
  }

  private NftRule load(int base, int offset, int length) {
    return with(
        "payload",
        m ->
            m.bigAttribute(1, REGISTER_1)
                .bigAttribute(2, base)
                .bigAttribute(3, offset)
                .bigAttribute(4, length));
  }

  private NftRule mask(byte[] mask) {
    return with(
        "bitwise",
        m -> {
          m.bigAttribute(1, REGISTER_1).bigAttribute(2, REGISTER_1).bigAttribute(3, mask.length);
          m.begin(4).attribute(VALUE, mask).end();
          m.begin(5).attribute(VALUE, new byte[mask.length]).end();
        });
  }

  private NftRule compare(int operation, byte[] value) {
    return with(
        "cmp",
        m ->
            m.bigAttribute(1, REGISTER_1)
                .bigAttribute(2, operation)
                .begin(3)
                .attribute(VALUE, value)
                .end());
  }

  private NftRule immediate(int register, byte[] value) {
    return with(
        "immediate", m -> m.bigAttribute(1, register).begin(2).attribute(VALUE, value).end());
  }

  private NftRule verdict(int code, String chain) {
    return with(
        "immediate",
        m -> {
          m.bigAttribute(1, REGISTER_VERDICT).begin(2).begin(VERDICT).bigAttribute(1, code);
          if (!chain.isEmpty()) {
            m.attribute(2, chain);
          }
          m.end().end();
        });
  }

  private NftRule with(String name, Consumer<NetlinkMessage> attributes) {
    List<Expression> more = new ArrayList<>(expressions);
    more.add(new Expression(name, attributes));
    return new NftRule(more, comment);
  }

  private static byte[] deviceName(String device) {
    return ByteBuffer.allocate(NAME_BYTES).put(device.getBytes(StandardCharsets.US_ASCII)).array();
  }

  private static byte[] portBytes(int port) {
    return ByteBuffer.allocate(Short.BYTES).putShort((short) port).array();
  }

  /** Registers loaded by the kernel from its own numbers are in the machine's order. */
  private static byte[] machineOrder(int value) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(Integer.reverseBytes(value)).array();
  }
}
