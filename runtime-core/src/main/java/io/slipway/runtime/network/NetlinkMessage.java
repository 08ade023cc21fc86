package io.slipway.runtime.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;

/**
 * Builds one netlink request: header, fixed part, attributes, each padded to four bytes. Numbers
 * are in the machine's order (little-endian on every architecture Slipway runs on) unless the
 * method says big-endian.
 */
final class NetlinkMessage {
  static final int HEADER_BYTES = 16;

  /** Needed in every request. */
  static final int REQUEST = 0x01;

  /** Ask for an acknowledgement. */
  static final int ACK = 0x04;

  /** Ask for the created object to be sent back. */
  static final int ECHO = 0x08;

  static final int DUMP = 0x300;
  static final int EXCLUSIVE = 0x200;
  static final int CREATE = 0x400;
  static final int APPEND = 0x800;

  private static final int NESTED = 0x8000;
  private static final int CAPACITY = 4096;
  private static final int ATTRIBUTE_HEADER = 4;
  private static final int SEQUENCE_AT = 8;

  private final ByteBuffer buffer = ByteBuffer.allocate(CAPACITY).order(ByteOrder.LITTLE_ENDIAN);
  private final Deque<Integer> open = new ArrayDeque<>();
  private final String what;
  private final boolean acknowledged;

  /**
   * Starts a message.
   *
   * @param what for error messages: {@code add address 172.17.0.2/16}
   */
  NetlinkMessage(String what, int type, int flags) {
    this.what = Objects.requireNonNull(what, "what");
    this.acknowledged = (flags & ACK) != 0;
    buffer.putInt(0).putShort((short) type).putShort((short) (flags | REQUEST)).putLong(0);
  }

  String what() {
    return what;
  }

  boolean isAcknowledged() {
    return acknowledged;
  }

  NetlinkMessage u8(int value) {
    buffer.put((byte) value);
    return this;
  }

  NetlinkMessage u16(int value) {
    buffer.putShort((short) value);
    return this;
  }

  NetlinkMessage bigU16(int value) {
    buffer.putShort(Short.reverseBytes((short) value));
    return this;
  }

  NetlinkMessage u32(int value) {
    buffer.putInt(value);
    return this;
  }

  NetlinkMessage attribute(int type, byte[] value) {
    buffer.putShort((short) (ATTRIBUTE_HEADER + value.length)).putShort((short) type).put(value);
    return pad();
  }

  NetlinkMessage attribute(int type, int value) {
    buffer.putShort((short) (ATTRIBUTE_HEADER + Integer.BYTES)).putShort((short) type);
    buffer.putInt(value);
    return this;
  }

  NetlinkMessage byteAttribute(int type, int value) {
    return attribute(type, new byte[] {(byte) value});
  }

  NetlinkMessage bigAttribute(int type, int value) {
    return attribute(type, Integer.reverseBytes(value));
  }

  NetlinkMessage bigAttribute(int type, long value) {
    return attribute(type, ByteBuffer.allocate(Long.BYTES).putLong(value).array());
  }

  /** A zero-terminated string. */
  NetlinkMessage attribute(int type, String value) {
    return attribute(type, (value + "\0").getBytes(StandardCharsets.US_ASCII));
  }

  /** Opens an attribute that holds others. */
  NetlinkMessage begin(int type) {
    open.push(buffer.position());
    buffer.putShort((short) 0).putShort((short) (type | NESTED));
    return this;
  }

  NetlinkMessage end() {
    int start = open.pop();
    buffer.putShort(start, (short) (buffer.position() - start));
    return pad();
  }

  private NetlinkMessage pad() {
    while (buffer.position() % 4 != 0) {
      buffer.put((byte) 0);
    }
    return this;
  }

  /** The finished message. */
  byte[] bytes(int sequence) {
    if (!open.isEmpty()) {
      throw new IllegalStateException(what + ": an attribute is still open");
    }
    buffer.putInt(0, buffer.position());
    buffer.putInt(SEQUENCE_AT, sequence);
    byte[] bytes = new byte[buffer.position()];
    buffer.get(0, bytes);
    return bytes;
  }
}
