package io.slipway.runtime.network;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;

/** An IPv6 address as its two halves. */
public record Ipv6Address(long high, long low) implements IpAddress {
  private static final int BYTES = 16;
  private static final int GROUPS = 8;
  private static final Pattern FORM = Pattern.compile("[0-9a-fA-F:]*(:\\d+(\\.\\d+){3})?");

  /** Reads the usual notation, without a zone and without brackets. */
  public static Ipv6Address parse(String text) {
    if (!text.contains(":") || !FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("invalid IPv6 address: " + text);
    }
    try {
      byte[] bytes = InetAddress.getByName(text).getAddress();
      return of(bytes.length == BYTES ? bytes : mapped(bytes));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("invalid IPv6 address: " + text, e);
    }
  }

  /** The JDK turns {@code ::ffff:1.2.3.4} into its IPv4 address. */
  private static byte[] mapped(byte[] four) {
    return ByteBuffer.allocate(BYTES).putLong(0).putInt(0xffff).put(four).array();
  }

  private static Ipv6Address of(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return new Ipv6Address(in.getLong(), in.getLong());
  }

  @Override
  public byte[] bytes() {
    return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
  }

  @Override
  public InetAddress toInetAddress() {
    try {
      return Inet6Address.getByAddress(null, bytes(), -1);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("sixteen bytes are an address", e);
    }
  }

  /** As RFC 5952 writes it: the longest run of zero groups is left out. */
  @Override
  public String toString() {
    int[] groups = new int[GROUPS];
    ByteBuffer in = ByteBuffer.wrap(bytes());
    for (int i = 0; i < GROUPS; i++) {
      groups[i] = in.getShort() & 0xffff;
    }
    int start = -1;
    int length = 1;
    for (int i = 0; i < GROUPS; i++) {
      int end = i;
      while (end < GROUPS && groups[end] == 0) {
        end++;
      }
      if (end - i > length) {
        start = i;
        length = end - i;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < GROUPS; i++) {
      if (i == start) {
        text.append("::");
        i += length - 1;
      } else {
        boolean first = text.isEmpty() || text.charAt(text.length() - 1) == ':';
        text.append(first ? "" : ":").append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString();
  }
}
