package io.slipway.cli.command;

import io.slipway.cli.client.EngineClient;
import io.slipway.cli.client.EngineResponse;
import io.slipway.cli.client.HijackedStream;
import io.slipway.cli.client.JsonValue;
import io.slipway.cli.client.Query;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import picocli.CommandLine.Model.CommandSpec;

/** {@code slipway logs}. */
final class LogsCommand implements Command {
  @Override
  public void describe(CommandSpec spec) {
    new Options(spec)
        .flag("Show extra details provided to logs", "--details")
        .flag("Follow log output", "-f", "--follow")
        .text("Show logs since timestamp (unix seconds)", "string", "--since")
        .text("Number of lines to show from the end of the logs", "string", "-n", "--tail")
        .flag("Show timestamps", "-t", "--timestamps")
        .text("Show logs before a timestamp (unix seconds)", "string", "--until")
        .words();
  }

  @Override
  public String arguments() {
    return "[OPTIONS] CONTAINER";
  }

  @Override
  public int run(Invocation call) throws IOException {
    String name = Query.segment(call.arguments(1).getFirst());
    EngineClient client = call.client();
    boolean terminal;
    try (EngineResponse answer = client.get(Query.of("/containers/" + name + "/json"))) {
      JsonValue container = answer.json();
      terminal = container.get("Config").flag("Tty");
    }
    Query query =
        Query.of("/containers/" + name + "/logs")
            .flag("stdout", true)
            .flag("stderr", true)
            .flag("follow", call.flag("--follow"))
            .flag("timestamps", call.flag("--timestamps"))
            .flag("details", call.flag("--details"))
            .ifPresent("since", call.text("--since"))
            .ifPresent("until", call.text("--until"))
            .ifPresent("tail", call.text("--tail"));
    try (EngineResponse answer = client.get(query)) {
      if (terminal) {
        copy(answer.body(), call.console().out());
      } else {
        HijackedStream.copyFrames(answer.body(), call.console().out(), call.console().err());
      }
    }
    return 0;
  }

  private static void copy(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[16 * 1024];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      out.write(buffer, 0, n);
      out.flush();
    }
  }
}
