package io.slipway.cli.command;

import io.slipway.cli.client.EngineResponse;
import io.slipway.cli.client.JsonValue;
import io.slipway.cli.client.Query;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code slipway events}. */
final class EventsCommand implements Command {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.nnnnnnnnnXXX")
          .withZone(ZoneId.systemDefault());
  private static final long NANOS = 1_000_000_000L;

  @Override
  public void describe(CommandSpec spec) {
    new Options(spec)
        .list("Filter output based on conditions provided", "filter", "-f", "--filter")
        .text("Format output using a Go template, 'table' or 'json'", "string", "--format")
        .text("Show all events created since timestamp", "string", "--since")
        .text("Stream events until this timestamp", "string", "--until")
        .words();
  }

  @Override
  public String arguments() {
    return "[OPTIONS]";
  }

  @Override
  public int run(Invocation call) throws IOException {
    call.arguments(0);
    String format = call.text("--format");
    Optional<GoTemplate> template =
        format.isEmpty()
            ? Optional.empty()
            : Optional.of(GoTemplate.parse(format.equals("json") ? "{{json .}}" : format));
    Query query =
        Query.of("/events")
            .ifPresent("since", PointInTime.parse(call.text("--since")))
            .ifPresent("until", PointInTime.parse(call.text("--until")))
            .ifPresent("filters", Filters.json(call.list("--filter")));
    try (EngineResponse answer = call.client().get(query)) {
      answer.eachJson(event -> {
        call.console()
            .out()
            .println(template.map(t -> t.render(event)).orElseGet(() -> line(event)));
        call.console().flush();
      });
    }
    return 0;
  }

  /** Time, type, action, id and the attributes in the order of their names. */
  static String line(JsonValue event) {
    long nanos = event.number("timeNano");
    JsonValue actor = event.get("Actor");
    List<String> attributes = new ArrayList<>();
    actor
        .get("Attributes")
        .members()
        .forEach((name, value) -> attributes.add(name + "=" + value.text()));
    attributes.sort(null);
    return TIME.format(Instant.ofEpochSecond(nanos / NANOS, nanos % NANOS))
        + " "
        + event.text("Type")
        + " "
        + event.text("Action")
        + " "
        + actor.text("ID")
        + (attributes.isEmpty() ? "" : " (" + String.join(", ", attributes) + ")");
  }
}
