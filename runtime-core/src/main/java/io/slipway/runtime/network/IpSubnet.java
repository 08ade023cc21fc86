package io.slipway.runtime.network;

/** An address inside its network, in either family: {@code 172.17.0.1/16}, {@code fd00::1/64}. */
public sealed interface IpSubnet permits Ipv4Subnet, Ipv6Subnet {
  /** Reads CIDR notation. */
  static IpSubnet parse(String text) {
    return text.contains(":") ? Ipv6Subnet.parse(text) : Ipv4Subnet.parse(text);
  }

  IpAddress address();

  int prefixLength();

  /** The first address, which names the network. */
  IpAddress network();

  /** The network in CIDR notation. */
  String networkText();

  boolean contains(IpAddress other);

  /** The address this many places after the first. */
  IpAddress at(long offset);

  /** How many places after the network's first address another one of the network is. */
  default long offsetOf(IpAddress other) {
    return tail(other) - tail(network());
  }

  private static long tail(IpAddress address) {
    byte[] bytes = address.bytes();
    long value = 0;
    for (int i = Math.max(0, bytes.length - Long.BYTES); i < bytes.length; i++) {
      value = value << Byte.SIZE | bytes[i] & 0xff;
    }
    return value;
  }

  /** The offset of the last address; not more than a pool can ever give out. */
  default long lastOffset() {
    int hostBits = network().bytes().length * Byte.SIZE - prefixLength();
    return (1L << Math.min(hostBits, Long.SIZE - 2)) - 1;
  }

  default boolean overlaps(IpSubnet other) {
    return contains(other.network()) || other.contains(network());
  }
}
