package io.slipway.cli.command;

import io.slipway.cli.client.EngineClient;
import io.slipway.cli.client.EngineResponse;
import io.slipway.cli.client.HijackedStream;
import io.slipway.cli.client.JsonValue;
import io.slipway.cli.client.Query;
import java.io.IOException;
import java.util.List;

/**
 * A command in a failed step, joined to this process's streams. It gets a terminal when both ends
 * of this process are one.
 */
record StepVisit(Invocation call, String id) {

  /** Runs a command, or a shell if it is empty, and gives its exit code. */
  int run(List<String> command) throws IOException, InterruptedException {
    EngineClient client = call.client();
    boolean terminal = call.console().terminalIn() && call.console().terminalOut();
    OpenedSession session = OpenedSession.open(client, BuildLoans.of(call), "", 0);
    Query step = Query.of("/build/failed/" + Query.segment(id) + "/debug");
    JsonObject wish =
        new JsonObject().put("Tty", new JsonValue.Bool(terminal)).putTexts("Cmd", command);
    String visit;
    try (EngineResponse created = client.post(session.on(step), wish.value())) {
      visit = "/build/debug/" + created.json().text("Id");
    }
    try (HijackedStream stream =
        client.hijack(Query.of(visit + "/start"), new JsonObject().value(), terminal)) {
      var attachment = new Attachment(call.console(), client, visit, stream, terminal, true);
      try {
        attachment.begin();
        attachment.started();
        attachment.awaitOutput();
      } finally {
        attachment.close();
      }
    }
    try (EngineResponse ended = client.get(Query.of(visit + "/json"))) {
      return (int) ended.json().number("ExitCode");
    }
  }
}
