package io.slipway.engine.system;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.slipway.engine.http.Reply;
import io.slipway.engine.http.Request;
import io.slipway.engine.http.Route;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Ping, version, info, events, login, disk usage, and the groups this engine does not have. */
public final class SystemRoutes {
  private final EngineIdentity identity;
  private final HostFacts host;
  private final SystemFacts facts;
  private final RegistryLogin login;
  private final InfoView info;
  private final EventRoutes events;

  public SystemRoutes(
      EngineIdentity identity, SystemFacts facts, EventBus bus, RegistryLogin login, Clock clock)
      throws IOException {
    this.identity = identity;
    this.host = HostFacts.read();
    this.facts = facts;
    this.login = login;
    this.info = new InfoView(identity, host, facts, bus, clock);
    this.events = new EventRoutes(bus, clock);
  }

  public List<Route> routes() {
    List<Route> all = new ArrayList<>(own());
    all.addAll(SwarmRoutes.routes());
    return all;
  }

  private List<Route> own() {
    return List.of(
        Route.get("/_ping", request -> ping("OK")),
        Route.head("/_ping", request -> ping("")),
        Route.get("/version", request -> Reply.json(VersionJson.of(identity, host))),
        Route.get("/info", request -> Reply.json(info.fields())),
        Route.get("/events", events::events),
        Route.post("/auth", this::auth),
        Route.get("/system/df", this::diskUsage),
        Route.get("/plugins", request -> Reply.json(List.of())),
        Route.get("/plugins/{name*}/json", this::noPlugin),
        Route.delete("/plugins/{name*}", this::noPlugin),
        Route.post("/plugins/{name*}/enable", this::noPlugin),
        Route.post("/plugins/{name*}/disable", this::noPlugin));
  }

  private static Reply ping(String body) {
    return Reply.text(200, body)
        .with("Cache-Control", "no-cache, no-store, must-revalidate")
        .with("Pragma", "no-cache")
        .with("Builder-Version", "1")
        .with("Swarm", "inactive");
  }

  private Reply noPlugin(Request request) {
    throw SlipwayException.notFound("plugin \"" + request.parameter("name") + "\" not found");
  }

  /** What a client sends to log in. */
  private record LoginRequest(
      @JsonProperty("username") String user,
      @JsonProperty("password") String password,
      @JsonProperty("serveraddress") String server) {
    LoginRequest {
      user = user == null ? "" : user;
      password = password == null ? "" : password;
      server = server == null ? "" : server;
    }
  }

  private record LoginJson(String identityToken, String status) {}

  private Reply auth(Request request) throws IOException, InterruptedException {
    LoginRequest asked = request.json(LoginRequest.class);
    String token = login.login(asked.server(), asked.user(), asked.password());
    return Reply.json(new LoginJson(token, "Login Succeeded"));
  }

  /** {@code docker system df}. */
  private record DiskUsageJson(
      long layersSize,
      List<? extends Record> images,
      List<? extends Record> containers,
      List<? extends Record> volumes,
      List<? extends Record> buildCache,
      long builderSize) {}

  private Reply diskUsage(Request request) throws IOException {
    Set<String> types = Set.copyOf(request.query().all("type"));
    SystemFacts.DiskUsage usage = facts.diskUsage();
    return Reply.json(
        new DiskUsageJson(
            wanted(types, "image") ? usage.layersBytes() : 0,
            wanted(types, "image") ? usage.images() : List.of(),
            wanted(types, "container") ? usage.containers() : List.of(),
            wanted(types, "volume") ? usage.volumes() : List.of(),
            wanted(types, "build-cache") ? usage.buildCache() : List.of(),
            0));
  }

  private static boolean wanted(Set<String> types, String type) {
    return types.isEmpty() || types.contains(type);
  }
}
