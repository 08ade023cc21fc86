package io.slipway.runtime.network;

import java.util.Objects;

/**
 * A bridge: how it is asked for, and how it is shown.
 *
 * @param name the interface on the host, at most 15 bytes
 * @param gateway the bridge's own address in its network
 * @param mtu of the bridge and its containers' interfaces
 * @param masquerade whether containers reach the outside with the host's address
 * @param interContainer whether containers on it may talk to each other
 */
public record BridgeDescription(
    String name, Ipv4Subnet gateway, int mtu, boolean masquerade, boolean interContainer) {
  private static final int MAX_NAME = 15;
  private static final int MIN_MTU = 68;

  public BridgeDescription {
    Objects.requireNonNull(gateway, "gateway");
    if (!name.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]*") || name.length() > MAX_NAME) {
      throw new IllegalArgumentException(
          "invalid bridge name " + name + ": use 1 to 15 letters, digits, dots or dashes");
    }
    if (mtu < MIN_MTU) {
      throw new IllegalArgumentException("invalid MTU " + mtu + ": IPv4 needs at least 68");
    }
  }

  /** A bridge with Docker's defaults and this name and address. */
  public static BridgeDescription of(String name, Ipv4Subnet gateway, int mtu) {
    return new BridgeDescription(name, gateway, mtu, true, true);
  }
}
