package io.slipway.engine.build;

import io.slipway.builder.history.BuildHistory;
import io.slipway.engine.http.Reply;
import io.slipway.engine.http.Request;
import io.slipway.engine.http.Route;
import java.io.IOException;
import java.util.List;

/** {@code /build/history}: records of the last builds; docker has no such thing here. */
public final class BuildHistoryRoutes {
  private final BuildHistory history;

  public BuildHistoryRoutes(BuildHistory history) {
    this.history = history;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/build/history", request -> Reply.json(history.list())),
        Route.get("/build/history/{id}", this::inspect),
        Route.get("/build/history/{id}/logs", this::logs));
  }

  /** {@code last} stands for the last one. */
  private static String id(Request request) {
    String id = request.parameter("id");
    return id.equals("last") ? "" : id;
  }

  private Reply inspect(Request request) throws IOException {
    return Reply.json(history.find(id(request)));
  }

  private Reply logs(Request request) throws IOException {
    return Reply.text(200, history.log(id(request)));
  }
}
