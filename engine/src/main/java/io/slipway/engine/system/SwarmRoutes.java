package io.slipway.engine.system;

import io.slipway.engine.http.Reply;
import io.slipway.engine.http.Request;
import io.slipway.engine.http.Route;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.util.ArrayList;
import java.util.List;

/** The swarm's resources, answered as by a node that is in no swarm. */
final class SwarmRoutes {
  private static final String NOT_A_MANAGER =
      "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to"
          + " connect this node to swarm and try again.";

  private SwarmRoutes() {}

  static List<Route> routes() {
    List<Route> all = new ArrayList<>();
    all.add(Route.post("/swarm/leave", SwarmRoutes::notInSwarm));
    all.add(Route.post("/swarm/init", SwarmRoutes::noSwarms));
    all.add(Route.post("/swarm/join", SwarmRoutes::noSwarms));
    for (String path : List.of("/swarm", "/swarm/unlockkey", "/tasks", "/tasks/{id}")) {
      all.add(Route.get(path, SwarmRoutes::notAManager));
    }
    for (String path : List.of("/swarm/update", "/swarm/unlock")) {
      all.add(Route.post(path, SwarmRoutes::notAManager));
    }
    for (String kind : List.of("/nodes", "/services", "/secrets", "/configs")) {
      all.add(Route.get(kind, SwarmRoutes::notAManager));
      all.add(Route.post(kind + "/create", SwarmRoutes::notAManager));
      all.add(Route.get(kind + "/{id}", SwarmRoutes::notAManager));
      all.add(Route.delete(kind + "/{id}", SwarmRoutes::notAManager));
      all.add(Route.post(kind + "/{id}/update", SwarmRoutes::notAManager));
    }
    all.add(Route.get("/services/{id}/logs", SwarmRoutes::notAManager));
    all.add(Route.get("/tasks/{id}/logs", SwarmRoutes::notAManager));
    return all;
  }

  private static Reply notAManager(Request request) {
    throw new SlipwayException(ErrorKind.UNAVAILABLE, NOT_A_MANAGER);
  }

  private static Reply notInSwarm(Request request) {
    throw new SlipwayException(ErrorKind.UNAVAILABLE, "This node is not part of a swarm");
  }

  private static Reply noSwarms(Request request) {
    throw new SlipwayException(
        ErrorKind.UNSUPPORTED, "swarm mode is not supported by this engine: it runs containers");
  }
}
