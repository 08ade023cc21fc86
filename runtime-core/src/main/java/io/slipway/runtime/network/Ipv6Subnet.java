package io.slipway.runtime.network;

import java.util.Objects;

/**
 * An address inside its network, {@code fd00:1::1/64}.
 *
 * @param prefixLength 1 to 126
 */
public record Ipv6Subnet(Ipv6Address address, int prefixLength) implements IpSubnet {
  private static final int MAX_PREFIX = 126;

  public Ipv6Subnet {
    Objects.requireNonNull(address, "address");
    if (prefixLength < 1 || prefixLength > MAX_PREFIX) {
      throw new IllegalArgumentException(
          "invalid CIDR address: " + address + "/" + prefixLength + ", use a prefix of 1 to 126");
    }
  }

  /** Reads CIDR notation. */
  public static Ipv6Subnet parse(String text) {
    int slash = text.indexOf('/');
    try {
      if (slash > 0) {
        return new Ipv6Subnet(
            Ipv6Address.parse(text.substring(0, slash)),
            Integer.parseInt(text.substring(slash + 1)));
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("invalid CIDR address: " + text, e);
    }
    throw new IllegalArgumentException("invalid CIDR address: " + text);
  }

  private long highMask() {
    return prefixLength >= Long.SIZE ? -1 : -1L << Long.SIZE - prefixLength;
  }

  private long lowMask() {
    return prefixLength <= Long.SIZE ? 0 : -1L << 2 * Long.SIZE - prefixLength;
  }

  /** The mask's bytes. */
  Ipv6Address mask() {
    return new Ipv6Address(highMask(), lowMask());
  }

  @Override
  public Ipv6Address network() {
    return new Ipv6Address(address.high() & highMask(), address.low() & lowMask());
  }

  @Override
  public String networkText() {
    return network() + "/" + prefixLength;
  }

  @Override
  public boolean contains(IpAddress other) {
    return other instanceof Ipv6Address six
        && (six.high() & highMask()) == network().high()
        && (six.low() & lowMask()) == network().low();
  }

  @Override
  public Ipv6Address at(long offset) {
    return new Ipv6Address(network().high(), network().low() + offset);
  }

  @Override
  public String toString() {
    return address + "/" + prefixLength;
  }
}
