package io.slipway.engine.network;

import io.slipway.engine.model.EndpointSettings;
import java.io.IOException;
import java.util.List;

/** What must be known and done about containers; told by {@code engine.container}. */
public interface AttachedContainers {
  /** A container and its place on the network. */
  record Attached(String containerId, String name, EndpointSettings endpoint) {}

  /** Who is on a network now. */
  List<Attached> on(String network);

  /** Puts a container on a network, at once if it runs. */
  void connect(Network network, String container, EndpointSettings wanted) throws IOException;

  /**
   * Takes a container off a network.
   *
   * @param force also when the container is not to be found
   */
  void disconnect(Network network, String container, boolean force) throws IOException;
}
