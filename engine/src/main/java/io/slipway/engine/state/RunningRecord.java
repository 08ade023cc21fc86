package io.slipway.engine.state;

import io.slipway.engine.model.EndpointSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a container that runs got for this run; in the exec root, which does not survive a reboot.
 *
 * @param endpoints its places on its networks, by the networks' names
 * @param interfaces its interfaces' names, by the places' ids
 * @param hostPorts where its ports are published, in the order in which it asks for them
 */
public record RunningRecord(
    String id,
    ContainerState state,
    Map<String, EndpointSettings> endpoints,
    Map<String, String> interfaces,
    List<Integer> hostPorts) {
  public RunningRecord {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(state, "state");
    endpoints = new LinkedHashMap<>(endpoints);
    interfaces = Map.copyOf(interfaces);
    hostPorts = List.copyOf(hostPorts);
  }
}
