package io.slipway.engine.container;

import io.slipway.engine.model.EndpointSettings;
import io.slipway.engine.model.HostConfig;
import io.slipway.engine.network.NetworkService;
import io.slipway.runtime.network.Endpoint;
import io.slipway.runtime.network.PortBinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A container's place on its network, as the API shows it. */
final class EndpointView {
  private EndpointView() {}

  static EndpointSettings settings(NetworkService.Network network, Optional<Endpoint> endpoint) {
    return new EndpointSettings(
        null,
        List.of(),
        List.of(),
        endpoint.map(e -> e.mac().toString()).orElse(""),
        Map.of(),
        0,
        network.id(),
        endpoint.map(Endpoint::endpointId).orElse(""),
        endpoint.map(e -> e.gateway().toString()).orElse(""),
        endpoint.map(e -> e.address().address().toString()).orElse(""),
        endpoint.map(e -> e.address().prefixLength()).orElse(0),
        "",
        "",
        0,
        List.of());
  }

  /** Exposed ports to where they are published; null for those that are not. */
  static Map<String, List<HostConfig.PortBinding>> ports(
      Iterable<String> exposed, Optional<Endpoint> endpoint) {
    Map<String, List<HostConfig.PortBinding>> all = new TreeMap<>();
    if (endpoint.isEmpty()) {
      return all;
    }
    exposed.forEach(port -> all.put(PortParser.port(port).toString(), null));
    for (PortBinding binding : endpoint.get().ports()) {
      String port = binding.containerPort() + "/" + binding.protocol().label();
      List<HostConfig.PortBinding> places =
          all.get(port) == null ? new ArrayList<>() : new ArrayList<>(all.get(port));
      places.add(
          new HostConfig.PortBinding(
              binding.hostAddress().toString(), Integer.toString(binding.hostPort())));
      all.put(port, places);
    }
    return all;
  }
}
