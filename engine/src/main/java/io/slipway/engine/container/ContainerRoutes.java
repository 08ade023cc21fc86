package io.slipway.engine.container;

import com.fasterxml.jackson.databind.JsonNode;
import io.slipway.engine.http.Filters;
import io.slipway.engine.http.PruneFilters;
import io.slipway.engine.http.Reply;
import io.slipway.engine.http.Request;
import io.slipway.engine.http.Route;
import io.slipway.engine.model.Config;
import io.slipway.engine.model.CreateRequest;
import io.slipway.engine.model.HostConfig;
import io.slipway.engine.state.ContainerRecord;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Platform;
import io.slipway.runtime.spec.TerminalSize;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** {@code /containers}, as far as one answer is one message. */
final class ContainerRoutes {
  private static final Set<String> PRUNE_FILTERS = Set.of("label", "label!", "until");

  private final ContainerService service;
  private final ExecService execs;

  ContainerRoutes(ContainerService service, ExecService execs) {
    this.service = service;
    this.execs = execs;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/containers/json", this::list),
        Route.post("/containers/create", this::create),
        Route.post("/containers/prune", this::prune),
        Route.get("/containers/{id}/json", this::inspect),
        Route.post("/containers/{id}/start", this::start),
        Route.post("/containers/{id}/stop", this::stop),
        Route.post("/containers/{id}/restart", this::restart),
        Route.post("/containers/{id}/kill", this::kill),
        Route.post("/containers/{id}/pause", this::pause),
        Route.post("/containers/{id}/unpause", this::unpause),
        Route.post("/containers/{id}/rename", this::rename),
        Route.post("/containers/{id}/resize", this::resize),
        Route.get("/containers/{id}/top", this::top),
        Route.get("/containers/{id}/changes", this::changes),
        Route.get("/containers/{id}/export", this::export),
        Route.delete("/containers/{id}", this::remove));
  }

  private Container container(Request request) {
    return service.index().get(request.parameter("id"));
  }

  private Reply list(Request request) throws IOException {
    OptionalInt limit = request.query().number("limit");
    boolean limited = limit.isPresent() && limit.getAsInt() > 0;
    List<ContainerSummary> shown = new ArrayList<>();
    List<Container> found =
        service.list(
            request.query().flag("all"),
            limited ? limit : OptionalInt.empty(),
            request.query().filters());
    for (Container container : found) {
      shown.add(service.views().summary(container, request.query().flag("size")));
    }
    return Reply.json(shown);
  }

  /** Docker's answer to a create. */
  private record CreatedJson(String id, List<String> warnings) {}

  private Reply create(Request request) throws IOException {
    JsonNode body = request.jsonTree();
    if (!body.isObject() || body.isEmpty()) {
      throw SlipwayException.invalid("config cannot be empty in order to create a container");
    }
    CreateRequest.Beside beside = Request.convert(body, CreateRequest.Beside.class);
    CreateRequest asked =
        new CreateRequest(
            Request.convert(body, Config.class),
            beside.hostConfig() == null
                ? Request.convert(
                    com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode(),
                    HostConfig.class)
                : beside.hostConfig(),
            beside.networkingConfig() == null
                ? Map.of()
                : beside.networkingConfig().endpointsConfig());
    Optional<Platform> platform =
        request.query().first("platform").filter(p -> !p.isEmpty()).map(Platform::parse);
    ContainerCreator.Created created =
        service.creator().create(asked, request.query().text("name"), platform);
    return Reply.json(201, new CreatedJson(created.id(), created.warnings()));
  }

  private Reply inspect(Request request) throws IOException {
    Container container = container(request);
    return Reply.json(
        service.views().inspect(container, request.query().flag("size"), execs.of(container.id())));
  }

  private Reply start(Request request) throws IOException {
    boolean started = service.lifecycle().start(container(request));
    return Reply.empty(started ? 204 : 304);
  }

  private Reply stop(Request request) throws IOException, InterruptedException {
    boolean stopped =
        service.stops().stop(container(request), request.query().number("t"), signal(request));
    return Reply.empty(stopped ? 204 : 304);
  }

  private Reply restart(Request request) throws IOException, InterruptedException {
    service.lifecycle().restart(container(request), request.query().number("t"), signal(request));
    return Reply.empty(204);
  }

  private static Optional<String> signal(Request request) {
    return request.query().first("signal").filter(s -> !s.isEmpty());
  }

  private Reply kill(Request request) throws IOException, InterruptedException {
    String name = request.parameter("id");
    Container container = container(request);
    try {
      service.stops().kill(container, signal(request));
    } catch (SlipwayException e) {
      throw new SlipwayException(
          e.kind(), "cannot kill container: " + name + ": " + e.getMessage(), e);
    }
    return Reply.empty(204);
  }

  private Reply pause(Request request) throws IOException {
    service.pauses().pause(container(request));
    return Reply.empty(204);
  }

  private Reply unpause(Request request) throws IOException {
    service.pauses().unpause(container(request));
    return Reply.empty(204);
  }

  private Reply rename(Request request) throws IOException {
    service.rename(container(request), request.query().text("name"));
    return Reply.empty(204);
  }

  private Reply remove(Request request) throws IOException, InterruptedException {
    if (request.query().flag("link")) {
      throw OptionRules.notBuilt("rm --link");
    }
    service.remove(container(request), request.query().flag("force"), request.query().flag("v"));
    return Reply.empty(204);
  }

  private Reply resize(Request request) throws IOException {
    Container container = container(request);
    TerminalSize size = ProcessStreams.size(request);
    if (container.record().config().tty()) {
      container.requireRunning().resize(size);
    }
    return Reply.empty(200);
  }

  private Reply changes(Request request) throws IOException {
    List<ContainerFilesystem.Change> changes = service.filesystem().changes(container(request));
    return Reply.json(changes.isEmpty() ? null : changes);
  }

  private Reply export(Request request) {
    Container container = container(request);
    return Reply.lazyStream(
        "application/octet-stream",
        out -> {
          service.events().publish("export", container.record());
          service.filesystem().export(container, out);
        });
  }

  private Reply top(Request request) throws IOException, InterruptedException {
    Container container = container(request);
    int pid = container.requireRunning().pid();
    String arguments = request.query().first("ps_args").filter(a -> !a.isEmpty()).orElse("-ef");
    return Reply.json(ProcessTable.of(pid, arguments));
  }

  /** The answer of a prune. */
  private record Pruned(List<String> containersDeleted, long spaceReclaimed) {}

  private Reply prune(Request request) throws IOException, InterruptedException {
    Filters filters = request.query().filters().accept(PRUNE_FILTERS);
    PruneFilters take = PruneFilters.of(filters, Instant.now());
    List<String> deleted = new ArrayList<>();
    long freed = 0;
    for (Container container : service.index().all()) {
      ContainerRecord record = container.record();
      if (!record.state().isRunning() && take.take(record.created(), record.config().labels())) {
        freed += service.views().sizes(container.id()).own();
        service.remove(container, false, false);
        deleted.add(container.id());
      }
    }
    service.bus().publish("container", "prune", "", Map.of("reclaimed", Long.toString(freed)));
    return Reply.json(new Pruned(deleted, freed));
  }
}
