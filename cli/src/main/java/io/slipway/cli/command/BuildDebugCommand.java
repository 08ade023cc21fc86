package io.slipway.cli.command;

import io.slipway.cli.client.EngineResponse;
import io.slipway.cli.client.JsonValue;
import io.slipway.cli.client.Query;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code slipway build debug}: a shell, or another command, in a step that failed. */
final class BuildDebugCommand implements Command {
  @Override
  public void describe(CommandSpec spec) {
    new Options(spec)
        .text("Format output: 'json' prints one JSON object a line", "string", "--format")
        .list(
            "Secret to lend the command (format: \"id=mysecret[,src=/file]\")", "list", "--secret")
        .list("SSH agent socket to lend the command (\"default|id[=socket]\")", "list", "--ssh")
        .words()
        .stopAtFirstWord();
  }

  @Override
  public String arguments() {
    return "[OPTIONS] [ID [COMMAND [ARG...]]]";
  }

  @Override
  public int run(Invocation call) throws IOException, InterruptedException {
    List<String> words = call.arguments();
    boolean json = Format.of(call.text("--format")) == Format.JSON;
    if (words.isEmpty()) {
      list(call, json);
      return 0;
    }
    return new StepVisit(call, words.getFirst()).run(words.subList(1, words.size()));
  }

  private static void list(Invocation call, boolean json) throws IOException {
    PrintStream out = call.console().out();
    try (EngineResponse answer = call.client().get(Query.of("/build/failed"))) {
      List<JsonValue> steps = answer.json().items();
      if (json) {
        steps.forEach(step -> out.println(step.print(false)));
        return;
      }
      Table table = new Table("ID", "STEP", "EXIT CODE", "PLACE", "CREATED", "SIZE");
      for (JsonValue step : steps) {
        table.row(
            step.text("ID"),
            HumanText.cut(step.text("Name"), 60),
            Long.toString(step.number("ExitCode")),
            step.text("Place"),
            HumanText.ago(Instant.parse(step.text("CreatedAt")).getEpochSecond()),
            HumanText.size(step.number("Size")));
      }
      table.print(out);
    }
  }
}
