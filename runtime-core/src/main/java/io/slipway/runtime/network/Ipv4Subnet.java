package io.slipway.runtime.network;

import java.util.Objects;

/**
 * An address inside its network, {@code 172.17.0.1/16}.
 *
 * @param prefixLength 8 to 30: fewer bits leave no room for a gateway and a container
 */
public record Ipv4Subnet(Ipv4Address address, int prefixLength) implements IpSubnet {
  static final int MIN_PREFIX = 8;
  static final int MAX_PREFIX = 30;

  public Ipv4Subnet {
    Objects.requireNonNull(address, "address");
    if (prefixLength < MIN_PREFIX || prefixLength > MAX_PREFIX) {
      throw new IllegalArgumentException(
          "invalid CIDR address: " + address + "/" + prefixLength + ", use a prefix of 8 to 30");
    }
  }

  /** Reads CIDR notation. */
  public static Ipv4Subnet parse(String text) {
    int slash = text.indexOf('/');
    try {
      if (slash > 0) {
        return new Ipv4Subnet(
            Ipv4Address.parse(text.substring(0, slash)),
            Integer.parseInt(text.substring(slash + 1)));
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("invalid CIDR address: " + text, e);
    }
    throw new IllegalArgumentException("invalid CIDR address: " + text);
  }

  public int mask() {
    return -1 << Integer.SIZE - prefixLength;
  }

  @Override
  public Ipv4Address network() {
    return new Ipv4Address(address.bits() & mask());
  }

  /** The last address, which reaches everyone. */
  public Ipv4Address broadcast() {
    return new Ipv4Address(address.bits() | ~mask());
  }

  @Override
  public boolean contains(IpAddress other) {
    return other instanceof Ipv4Address four && (four.bits() & mask()) == network().bits();
  }

  @Override
  public Ipv4Address at(long offset) {
    return network().plus((int) offset);
  }

  @Override
  public String networkText() {
    return network() + "/" + prefixLength;
  }

  @Override
  public String toString() {
    return address + "/" + prefixLength;
  }
}
