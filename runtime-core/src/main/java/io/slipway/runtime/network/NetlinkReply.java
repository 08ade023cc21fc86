package io.slipway.runtime.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * One message from the kernel.
 *
 * @param type message type
 * @param sequence of the request it answers
 * @param body what follows the header
 */
record NetlinkReply(int type, int sequence, byte[] body) {
  static final int ERROR = 2;
  static final int DONE = 3;

  private static final int ATTRIBUTE_HEADER = 4;
  private static final int TYPE_MASK = 0x3fff;

  /** The attributes after {@code skip} bytes of fixed part; of equal types the last counts. */
  Map<Integer, byte[]> attributes(int skip) {
    return attributes(body, skip);
  }

  /** Reads the attributes nested in another one. */
  static Map<Integer, byte[]> attributes(byte[] data, int from) {
    Map<Integer, byte[]> found = new HashMap<>();
    ByteBuffer in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    int at = from;
    while (at + ATTRIBUTE_HEADER <= data.length) {
      int length = in.getShort(at) & 0xffff;
      if (length < ATTRIBUTE_HEADER || at + length > data.length) {
        break;
      }
      byte[] value = new byte[length - ATTRIBUTE_HEADER];
      in.get(at + ATTRIBUTE_HEADER, value);
      found.put(in.getShort(at + 2) & TYPE_MASK, value);
      at += (length + 3) & ~3;
    }
    return found;
  }

  int intAt(int offset) {
    return ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN).getInt(offset);
  }

  static String text(byte[] value) {
    String text = new String(value, StandardCharsets.US_ASCII);
    int zero = text.indexOf('\0');
    return zero < 0 ? text : text.substring(0, zero);
  }
}
