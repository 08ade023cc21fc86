package io.slipway.cli.command;

import io.slipway.cli.client.EngineResponse;
import io.slipway.cli.client.JsonValue;
import io.slipway.cli.client.Query;
import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code slipway search}. */
final class SearchCommand implements Command {
  private static final int DESCRIPTION = 45;

  @Override
  public void describe(CommandSpec spec) {
    new Options(spec)
        .list("Filter output based on conditions provided", "filter", "-f", "--filter")
        .text("Format output: 'json' prints one JSON object a line", "string", "--format")
        .text("Max number of search results", "int", "--limit")
        .flag("Don't truncate output", "--no-trunc")
        .words();
  }

  @Override
  public String arguments() {
    return "[OPTIONS] TERM";
  }

  @Override
  public int run(Invocation call) throws IOException {
    String term = call.arguments(1).getFirst();
    Format format = Format.of(call.text("--format"));
    Query query =
        Query.of("/images/search")
            .with("term", term)
            .ifPresent("limit", call.text("--limit"))
            .ifPresent("filters", Filters.json(call.list("--filter")));
    String auth = DockerConfig.load().header(term);
    Table table = new Table("NAME", "DESCRIPTION", "STARS", "OFFICIAL");
    try (EngineResponse answer =
        call.client().get(query, java.util.Map.of("X-Registry-Auth", auth))) {
      for (JsonValue image : answer.json().items()) {
        String description = image.text("description").replaceAll("\\s+", " ");
        if (format == Format.JSON) {
          call.console().out().println(image.print(false));
        }
        table.row(
            image.text("name"),
            call.flag("--no-trunc") ? description : HumanText.cut(description, DESCRIPTION),
            image.text("star_count"),
            image.flag("is_official") ? "[OK]" : "");
      }
    }
    if (format == Format.TABLE) {
      table.print(call.console().out());
    }
    return 0;
  }
}
