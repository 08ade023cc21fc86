package io.slipway.runtime.network;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A bridge: how it is asked for, and how it is shown.
 *
 * @param name the interface on the host, at most 15 bytes
 * @param gateway the bridge's own address in its network
 * @param gateway6 the same in IPv6, for a bridge with both families
 * @param ranges where addresses are chosen, at most one for each family; others can be asked for
 * @param reserved addresses that are never given out
 * @param mtu of the bridge and its containers' interfaces
 * @param masquerade whether containers reach the outside with the host's address
 * @param interContainer whether containers on it may talk to each other
 * @param internal cut off: no way out, no way in, and no gateway
 */
public record BridgeDescription(
    String name,
    Ipv4Subnet gateway,
    Optional<Ipv6Subnet> gateway6,
    List<IpSubnet> ranges,
    List<IpAddress> reserved,
    int mtu,
    boolean masquerade,
    boolean interContainer,
    boolean internal) {
  private static final int MAX_NAME = 15;
  private static final int MIN_MTU = 68;

  /** RFC 8200: every IPv6 link carries at least this. */
  private static final int MIN_MTU6 = 1280;

  public BridgeDescription {
    Objects.requireNonNull(gateway, "gateway");
    Objects.requireNonNull(gateway6, "gateway6");
    ranges = List.copyOf(ranges);
    reserved = List.copyOf(reserved);
    if (!name.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]*") || name.length() > MAX_NAME) {
      throw new IllegalArgumentException(
          "invalid bridge name " + name + ": use 1 to 15 letters, digits, dots or dashes");
    }
    if (mtu < MIN_MTU) {
      throw new IllegalArgumentException("invalid MTU " + mtu + ": IPv4 needs at least 68");
    }
    if (gateway6.isPresent() && mtu < MIN_MTU6) {
      throw new IllegalArgumentException("invalid MTU " + mtu + ": IPv6 needs at least 1280");
    }
  }

  /** A bridge with Docker's defaults and this name and address. */
  public static BridgeDescription of(String name, Ipv4Subnet gateway, int mtu) {
    return new BridgeDescription(
        name, gateway, Optional.empty(), List.of(), List.of(), mtu, true, true, false);
  }

  /** The same with IPv6 too. */
  public BridgeDescription with(Ipv6Subnet address) {
    return new BridgeDescription(
        name,
        gateway,
        Optional.of(address),
        ranges,
        reserved,
        mtu,
        masquerade,
        interContainer,
        internal);
  }

  /** The same with limits on the addresses that are given out. */
  public BridgeDescription with(List<IpSubnet> newRanges, List<IpAddress> newReserved) {
    return new BridgeDescription(
        name, gateway, gateway6, newRanges, newReserved, mtu, masquerade, interContainer, internal);
  }

  /** The same with other rules for packets. */
  public BridgeDescription with(boolean masquerades, boolean containersTalk, boolean cutOff) {
    return new BridgeDescription(
        name, gateway, gateway6, ranges, reserved, mtu, masquerades, containersTalk, cutOff);
  }

  /** The chosen addresses' range in a gateway's family. */
  Optional<IpSubnet> range(IpSubnet of) {
    return ranges.stream().filter(range -> of.contains(range.network())).findFirst();
  }

  /** Whether containers on it can reach the outside. */
  boolean hasWayOut() {
    return !internal;
  }
}
