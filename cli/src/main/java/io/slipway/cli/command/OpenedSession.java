package io.slipway.cli.command;

import io.slipway.cli.client.EngineAddress;
import io.slipway.cli.client.EngineClient;
import io.slipway.cli.client.EngineResponse;
import io.slipway.cli.client.JsonValue;
import io.slipway.cli.client.Query;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A build session with a daemon of ours: secrets go there, outputs come from there.
 *
 * @param id empty if the build needs none
 */
record OpenedSession(EngineClient client, String id) {
  private static final String PATH = "/build/session";

  /** Opens a session if there is something to lend or to fetch. */
  static OpenedSession open(EngineClient client, BuildLoans loans, String dockerfile, int outputs)
      throws IOException {
    if (loans.isEmpty() && dockerfile.isEmpty() && outputs == 0) {
      return new OpenedSession(client, "");
    }
    if (!loans.agents().items().isEmpty() && !(client.address() instanceof EngineAddress.Unix)) {
      throw new CommandFailure(1, "--ssh needs a daemon on this machine, not " + client.address());
    }
    Map<String, JsonValue> members = new LinkedHashMap<>();
    members.put("secrets", loans.secrets());
    members.put("ssh", loans.agents());
    if (!dockerfile.isEmpty()) {
      members.put("dockerfile", new JsonValue.Text(dockerfile));
    }
    members.put("outputs", new JsonValue.Num(Integer.toString(outputs)));
    try (EngineResponse answer = client.post(Query.of(PATH), new JsonValue.Obj(members))) {
      return new OpenedSession(client, answer.json().text("ID"));
    }
  }

  Query on(Query query) {
    return query.ifPresent("buildsession", id);
  }

  /** The connection on which the daemon sends an output once it is made. */
  EngineResponse output(int number) throws IOException {
    return client.get(Query.of(PATH + "/" + id + "/output/" + number));
  }
}
