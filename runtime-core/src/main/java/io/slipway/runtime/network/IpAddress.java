package io.slipway.runtime.network;

import java.net.InetAddress;

/** An address of either family. */
public sealed interface IpAddress permits Ipv4Address, Ipv6Address {
  /** Reads an address in the notation of its family; nothing else, no host names. */
  static IpAddress parse(String text) {
    return text.contains(":") ? Ipv6Address.parse(text) : Ipv4Address.parse(text);
  }

  /** The 4 or 16 bytes in network order. */
  byte[] bytes();

  InetAddress toInetAddress();

  /** Whether packets to it stay on this machine. */
  default boolean isLoopback() {
    return toInetAddress().isLoopbackAddress();
  }
}
