package io.slipway.cli.command;

import io.slipway.cli.client.EngineResponse;
import io.slipway.cli.client.JsonValue;
import io.slipway.cli.client.Query;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code slipway build history}: what earlier builds did. */
final class BuildHistoryCommand implements Command {
  private static final String LAST = "last";

  @Override
  public void describe(CommandSpec spec) {
    new Options(spec).text("Format output: 'json' prints JSON", "string", "--format").words();
  }

  @Override
  public String arguments() {
    return "[ls | inspect [ID] | logs [ID]]";
  }

  @Override
  public int run(Invocation call) throws IOException {
    List<String> words = call.arguments();
    String what = words.isEmpty() ? "ls" : words.getFirst();
    String id = words.size() < 2 ? LAST : words.get(1);
    boolean json = Format.of(call.text("--format")) == Format.JSON;
    if (words.size() > 2) {
      throw new UsageException("\"slipway build history " + what + "\" takes one ID");
    }
    switch (what) {
      case "ls" -> list(call, json);
      case "inspect" -> inspect(call, id, json);
      case "logs" -> logs(call, id);
      default ->
          throw new UsageException(
              "unknown command \"build history " + what + "\": use ls, inspect or logs");
    }
    return 0;
  }

  private static void list(Invocation call, boolean json) throws IOException {
    PrintStream out = call.console().out();
    try (EngineResponse answer = call.client().get(Query.of("/build/history"))) {
      List<JsonValue> records = answer.json().items();
      if (json) {
        records.forEach(record -> out.println(record.print(false)));
        return;
      }
      Table table =
          new Table("BUILD ID", "NAME", "STATUS", "STEPS", "CACHED", "CREATED", "DURATION");
      for (JsonValue record : records) {
        table.row(
            record.text("id"),
            name(record),
            record.text("status"),
            Long.toString(record.number("ran") + record.number("cached")),
            Long.toString(record.number("cached")),
            HumanText.ago(record.number("started") / 1000),
            duration(record));
      }
      table.print(out);
    }
  }

  private static String name(JsonValue record) {
    List<JsonValue> tags = record.get("tags").items();
    return tags.isEmpty() ? record.text("context") : tags.getFirst().text();
  }

  private static String duration(JsonValue span) {
    long millis = Math.max(0, span.number("ended") - span.number("started"));
    return HumanText.seconds(Duration.ofMillis(millis));
  }

  private static void inspect(Invocation call, String id, boolean json) throws IOException {
    PrintStream out = call.console().out();
    try (EngineResponse answer =
        call.client().get(Query.of("/build/history/" + Query.segment(id)))) {
      JsonValue record = answer.json();
      if (json) {
        out.println(record.print(true));
        return;
      }
      line(out, "Build", record.text("id"));
      line(out, "Context", record.text("context"));
      line(out, "Dockerfile", record.text("dockerfile"));
      line(out, "Target", record.text("target"));
      line(out, "Status", record.text("status"));
      line(out, "Error", record.text("error"));
      line(out, "Duration", duration(record));
      line(out, "Image", record.text("image"));
      out.println("Steps:");
      for (JsonValue step : record.get("steps").items()) {
        out.println("  " + step.text("name") + "  " + step.text("state") + "  " + duration(step));
        if (!step.text("key").isEmpty()) {
          out.println("    key " + step.text("key"));
        }
        step.get("why").items().forEach(why -> out.println("    not cached: " + why.text()));
      }
    }
  }

  private static void line(PrintStream out, String name, String value) {
    if (!value.isEmpty()) {
      out.println(name + ":" + " ".repeat(12 - name.length()) + value);
    }
  }

  private static void logs(Invocation call, String id) throws IOException {
    try (EngineResponse answer =
        call.client().get(Query.of("/build/history/" + Query.segment(id) + "/logs"))) {
      byte[] text = answer.body().readAllBytes();
      call.console().out().print(new String(text, StandardCharsets.UTF_8));
    }
  }
}
