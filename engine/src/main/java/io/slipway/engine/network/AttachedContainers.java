package io.slipway.engine.network;

import io.slipway.engine.model.EndpointSettings;
import java.util.List;

/** Who is on a network now. */
@FunctionalInterface
public interface AttachedContainers {
  /** A container and its place on the network. */
  record Attached(String containerId, String name, EndpointSettings endpoint) {}

  List<Attached> on(String network);
}
