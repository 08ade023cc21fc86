package io.slipway.runtime.network;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The networks of one daemon. Safe for threads. */
public interface Networks extends AutoCloseable {

  /**
   * Gives a container its network before it starts: the simple form, without published ports.
   *
   * @param containerId who holds the address, for messages and the allocation record
   * @throws io.slipway.image.error.SlipwayException if an address is taken
   * @throws IOException if the kernel refuses; nothing is left behind
   */
  NetworkAttachment attach(NetworkMode mode, String containerId, EndpointOptions options)
      throws IOException;

  /** The default bridge as {@code network inspect} shows it; empty if the daemon has none. */
  Optional<BridgeDescription> bridge();

  /**
   * The default bridge itself.
   *
   * @throws io.slipway.image.error.SlipwayException {@code NOT_FOUND} if the daemon has none
   */
  BridgeNetwork defaultBridge();

  /**
   * Sets a network of its own up, or takes over what an earlier daemon left of it. The caller
   * closes it.
   *
   * @param network by whose name containers can complete each other's names
   */
  BridgeNetwork add(String network, BridgeDescription description) throws IOException;

  /**
   * A new network namespace for a container, not connected to anything yet.
   *
   * @param ports published as soon as a network it joins has a way out
   * @param upstream name servers for what no network of the container knows
   */
  Sandbox sandbox(String containerId, List<PortBinding> ports, List<DnsUpstream> upstream)
      throws IOException;

  /** As {@link #sandbox} for a container that runs already, for {@link Sandbox#resume}. */
  Sandbox adopt(
      String containerId, Path namespace, List<PortBinding> ports, List<DnsUpstream> upstream)
      throws IOException;

  /** Takes down the default bridge, its rules, and the prepared namespaces. */
  @Override
  void close() throws IOException;
}
