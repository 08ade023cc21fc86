package io.slipway.runtime.network;

import java.io.IOException;
import java.util.Optional;

/** The networks of one daemon. Safe for threads. */
public interface Networks extends AutoCloseable {

  /**
   * Gives a container its network before it starts.
   *
   * @param containerId who holds the address, for messages and the allocation record
   * @throws io.slipway.image.error.SlipwayException if an address or a port is taken
   * @throws IOException if the kernel refuses; nothing is left behind
   */
  NetworkAttachment attach(NetworkMode mode, String containerId, EndpointOptions options)
      throws IOException;

  /** The default bridge as {@code network inspect} shows it; empty if the daemon has none. */
  Optional<BridgeDescription> bridge();

  /** Takes down the bridge, its rules, its published ports and the prepared namespaces. */
  @Override
  void close() throws IOException;
}
