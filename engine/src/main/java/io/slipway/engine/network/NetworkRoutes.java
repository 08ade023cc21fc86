package io.slipway.engine.network;

import io.slipway.engine.http.Filters;
import io.slipway.engine.http.Reply;
import io.slipway.engine.http.Request;
import io.slipway.engine.http.Route;
import io.slipway.engine.http.TimeFilter;
import io.slipway.engine.model.EndpointSettings;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code /networks}. */
public final class NetworkRoutes {
  private static final Set<String> FILTERS =
      Set.of("id", "name", "driver", "label", "scope", "type", "dangling");
  private static final Set<String> PRUNE_FILTERS = Set.of("label", "label!", "until");
  private static final Set<String> TYPES = Set.of("builtin", "custom");
  private static final Set<String> SCOPES = Set.of("local", "global", "swarm");

  private final NetworkService service;
  private final AttachedContainers containers;
  private final Clock clock;

  public NetworkRoutes(NetworkService service, AttachedContainers containers, Clock clock) {
    this.service = service;
    this.containers = containers;
    this.clock = clock;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/networks", this::list),
        Route.get("/networks/{id}", this::inspect),
        Route.post("/networks/create", this::create),
        Route.post("/networks/prune", this::prune),
        Route.post("/networks/{id}/connect", this::connect),
        Route.post("/networks/{id}/disconnect", this::disconnect),
        Route.delete("/networks/{id}", this::remove));
  }

  private Reply list(Request request) {
    Filters filters = request.query().filters().accept(FILTERS);
    checkWords(filters, "type", TYPES);
    checkWords(filters, "scope", SCOPES);
    return Reply.json(
        service.list().stream()
            .filter(network -> matches(filters, network))
            .map(network -> NetworkJson.of(network, List.of()))
            .toList());
  }

  private static void checkWords(Filters filters, String key, Set<String> known) {
    for (String value : filters.values(key)) {
      if (!known.contains(value)) {
        throw SlipwayException.invalid("invalid filter: '" + key + "'='" + value + "'");
      }
    }
  }

  private boolean matches(Filters filters, Network network) {
    return filters.anyMatch("name", name -> network.name().contains(name))
        && filters.anyMatch("id", id -> network.id().startsWith(id))
        && filters.anyMatch("driver", driver -> network.driver().equals(driver))
        && filters.anyMatch("scope", scope -> scope.equals("local"))
        && filters.anyMatch("type", type -> type.equals("builtin") == network.isPredefined())
        && filters.labelsMatch("label", network.record().labels())
        && (!filters.has("dangling") || filters.flag("dangling", false) == isDangling(network));
  }

  private boolean isDangling(Network network) {
    return !network.isPredefined()
        && !network.record().configOnly()
        && containers.on(network.name()).isEmpty();
  }

  private Reply inspect(Request request) {
    Optional<String> scope = request.query().first("scope").filter(s -> !s.isEmpty());
    if (scope.isPresent() && !scope.get().equals("local")) {
      throw SlipwayException.notFound("network " + request.parameter("id") + " not found");
    }
    Network network = service.find(request.parameter("id"));
    return Reply.json(NetworkJson.of(network, containers.on(network.name())));
  }

  /** Docker's answer to a create. */
  private record Created(String id, String warning) {}

  private Reply create(Request request) throws IOException {
    Network network = service.create(request.json(NetworkRequest.class));
    return Reply.json(201, new Created(network.id(), ""));
  }

  private record Connect(String container, EndpointSettings endpointConfig) {}

  private record Disconnect(String container, boolean force) {}

  private Reply connect(Request request) throws IOException {
    Connect asked = request.json(Connect.class);
    Network network = service.find(request.parameter("id"));
    EndpointSettings wanted =
        asked.endpointConfig() == null ? EndpointSettings.EMPTY : asked.endpointConfig();
    containers.connect(network, container(asked.container()), wanted);
    return Reply.empty(200);
  }

  private Reply disconnect(Request request) throws IOException {
    Disconnect asked = request.json(Disconnect.class);
    Network network = service.find(request.parameter("id"));
    containers.disconnect(network, container(asked.container()), asked.force());
    return Reply.empty(200);
  }

  private static String container(String name) {
    if (name == null || name.isEmpty()) {
      throw SlipwayException.invalid("invalid request: Container must not be empty");
    }
    return name;
  }

  private Reply remove(Request request) throws IOException {
    service.remove(service.find(request.parameter("id")), containers);
    return Reply.empty(204);
  }

  /** The answer of a prune. */
  private record Pruned(List<String> networksDeleted) {}

  private Reply prune(Request request) throws IOException {
    Filters filters = request.query().filters().accept(PRUNE_FILTERS);
    Optional<Instant> until = TimeFilter.until(filters, clock.instant());
    List<String> deleted = new ArrayList<>();
    for (Network network : service.list()) {
      var labels = network.record().labels();
      boolean excluded = filters.has("label!") && filters.labelsMatch("label!", labels);
      if (isDangling(network)
          && !excluded
          && filters.labelsMatch("label", labels)
          && until.map(limit -> network.record().created().isBefore(limit)).orElse(true)) {
        service.remove(network, containers);
        deleted.add(network.name());
      }
    }
    service.publishPrune();
    return Reply.json(new Pruned(deleted.isEmpty() ? null : deleted));
  }
}
