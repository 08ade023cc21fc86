package io.slipway.runtime.network;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;

/** An IPv4 address as its 32 bits; ordered as the numbers are, unsigned. */
public record Ipv4Address(int bits) implements IpAddress, Comparable<Ipv4Address> {
  private static final Pattern FORM = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final int MAX_PART = 255;

  /** Reads dotted decimal; nothing else, no host names. */
  public static Ipv4Address parse(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("invalid IPv4 address: " + text);
    }
    int bits = 0;
    for (String part : text.split("\\.")) {
      int value = Integer.parseInt(part);
      if (value > MAX_PART) {
        throw new IllegalArgumentException("invalid IPv4 address: " + text);
      }
      bits = bits << 8 | value;
    }
    return new Ipv4Address(bits);
  }

  @Override
  public byte[] bytes() {
    return ByteBuffer.allocate(Integer.BYTES).putInt(bits).array();
  }

  @Override
  public InetAddress toInetAddress() {
    try {
      return Inet4Address.getByAddress(bytes());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  Ipv4Address plus(int offset) {
    return new Ipv4Address(bits + offset);
  }

  @Override
  public int compareTo(Ipv4Address other) {
    return Integer.compareUnsigned(bits, other.bits);
  }

  @Override
  public String toString() {
    return (bits >>> 24)
        + "."
        + (bits >>> 16 & 255)
        + "."
        + (bits >>> 8 & 255)
        + "."
        + (bits & 255);
  }
}
