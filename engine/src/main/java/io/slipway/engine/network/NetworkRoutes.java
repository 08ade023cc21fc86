package io.slipway.engine.network;

import com.fasterxml.jackson.databind.JsonNode;
import io.slipway.engine.http.Filters;
import io.slipway.engine.http.Reply;
import io.slipway.engine.http.Request;
import io.slipway.engine.http.Route;
import io.slipway.engine.network.NetworkService.Network;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.network.BridgeDescription;
import io.slipway.runtime.network.Ipv4Subnet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** {@code /networks}. */
public final class NetworkRoutes {
  private static final Set<String> FILTERS =
      Set.of("id", "name", "driver", "label", "scope", "type", "dangling");

  private final NetworkService service;
  private final AttachedContainers attached;

  public NetworkRoutes(NetworkService service, AttachedContainers attached) {
    this.service = service;
    this.attached = attached;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/networks", this::list),
        Route.get("/networks/{id}", this::inspect),
        Route.post("/networks/create", this::create),
        Route.post("/networks/prune", request -> Reply.json(pruned())),
        Route.post("/networks/{id}/connect", this::connect),
        Route.post("/networks/{id}/disconnect", this::connect),
        Route.delete("/networks/{id}", this::remove));
  }

  private Reply list(Request request) {
    Filters filters = request.query().filters().accept(FILTERS);
    List<NetworkJson> shown = new ArrayList<>();
    for (Network network : service.list()) {
      if (matches(filters, network)) {
        shown.add(json(network, false));
      }
    }
    return Reply.json(shown);
  }

  private static boolean matches(Filters filters, Network network) {
    return filters.anyMatch("name", name -> network.name().contains(name))
        && filters.anyMatch("id", id -> network.id().startsWith(id))
        && filters.anyMatch("driver", driver -> network.driver().equals(driver))
        && filters.anyMatch("scope", scope -> scope.equals("local"))
        && filters.anyMatch("type", type -> type.equals("builtin"))
        && !filters.flag("dangling", false)
        && !filters.has("label");
  }

  private Reply inspect(Request request) {
    return Reply.json(json(service.find(request.parameter("id")), true));
  }

  private Reply create(Request request) throws IOException {
    JsonNode body = request.jsonTree();
    String name = body.path("Name").asText();
    if (service.list().stream().anyMatch(network -> network.name().equals(name))) {
      throw new SlipwayException(
          ErrorKind.FORBIDDEN, "operation is not permitted on predefined " + name + " network ");
    }
    throw service.notBuilt("creating network " + name);
  }

  private Reply connect(Request request) {
    Network network = service.find(request.parameter("id"));
    throw service.notBuilt("connecting or disconnecting containers on network " + network.name());
  }

  private Reply remove(Request request) {
    throw service.cannotRemove(request.parameter("id"));
  }

  private static Map<String, List<String>> pruned() {
    return Map.of("NetworksDeleted", List.of());
  }

  private NetworkJson json(Network network, boolean withContainers) {
    return new NetworkJson(
        network.name(),
        network.id(),
        service.created(),
        "local",
        network.driver(),
        true,
        false,
        ipam(network),
        false,
        false,
        false,
        new NetworkJson.ConfigFrom(""),
        false,
        withContainers ? containers(network) : Map.of(),
        network.bridge().map(NetworkRoutes::options).orElse(Map.of()),
        Map.of());
  }

  private static NetworkJson.Ipam ipam(Network network) {
    List<NetworkJson.Pool> pools =
        network.bridge().stream()
            .map(BridgeDescription::gateway)
            .map(gateway -> new NetworkJson.Pool(subnet(gateway), gateway.address().toString()))
            .toList();
    return new NetworkJson.Ipam("default", null, pools);
  }

  private static String subnet(Ipv4Subnet gateway) {
    int mask = -1 << Integer.SIZE - gateway.prefixLength();
    return new io.slipway.runtime.network.Ipv4Address(gateway.address().bits() & mask)
        + "/"
        + gateway.prefixLength();
  }

  private Map<String, NetworkJson.EndpointJson> containers(Network network) {
    Map<String, NetworkJson.EndpointJson> all = new TreeMap<>();
    for (AttachedContainers.Attached one : attached.on(network.name())) {
      String address = one.endpoint().ipAddress();
      all.put(
          one.containerId(),
          new NetworkJson.EndpointJson(
              one.name(),
              one.endpoint().endpointId(),
              one.endpoint().macAddress(),
              address.isEmpty() ? "" : address + "/" + one.endpoint().ipPrefixLen(),
              ""));
    }
    return all;
  }

  private static Map<String, String> options(BridgeDescription bridge) {
    Map<String, String> options = new HashMap<>();
    String prefix = "com.docker.network.bridge.";
    options.put(prefix + "default_bridge", "true");
    options.put(prefix + "enable_icc", Boolean.toString(bridge.interContainer()));
    options.put(prefix + "enable_ip_masquerade", Boolean.toString(bridge.masquerade()));
    options.put(prefix + "host_binding_ipv4", "0.0.0.0");
    options.put(prefix + "name", bridge.name());
    options.put("com.docker.network.driver.mtu", Integer.toString(bridge.mtu()));
    return new TreeMap<>(options);
  }
}
