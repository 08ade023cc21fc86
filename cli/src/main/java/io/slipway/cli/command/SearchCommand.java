package io.slipway.cli.command;

import io.slipway.cli.client.EngineResponse;
import io.slipway.cli.client.JsonValue;
import io.slipway.cli.client.Query;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** {@code slipway search}. */
final class SearchCommand implements Command {
  private static final int DESCRIPTION = 45;
  private static final String TABLE =
      "{{.Name}}\t{{.Description}}\t{{.StarCount}}\t{{.IsOfficial}}";
  private static final Map<String, String> TITLES =
      Map.of(
          "Name",
          "NAME",
          "Description",
          "DESCRIPTION",
          "StarCount",
          "STARS",
          "IsOfficial",
          "OFFICIAL",
          "IsAutomated",
          "AUTOMATED");

  @Override
  public void describe(CommandSpec spec) {
    new Options(spec)
        .list("Filter output based on conditions provided", "filter", "-f", "--filter")
        .text("Format output using a Go template, 'table' or 'json'", "string", "--format")
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
    Query query =
        Query.of("/images/search")
            .with("term", term)
            .ifPresent("limit", call.text("--limit"))
            .ifPresent("filters", Filters.json(call.list("--filter")));
    String auth = DockerConfig.load().header(term);
    FormattedRows listing =
        new FormattedRows(call.console().out(), call.text("--format"), TABLE, TITLES);
    try (EngineResponse answer = call.client().get(query, Map.of("X-Registry-Auth", auth))) {
      for (JsonValue image : answer.json().items()) {
        String description = image.text("description").replaceAll("\\s+", " ");
        Map<String, String> row = new LinkedHashMap<>();
        row.put(
            "Description",
            call.flag("--no-trunc") ? description : HumanText.cut(description, DESCRIPTION));
        row.put("IsAutomated", "");
        row.put("IsOfficial", image.flag("is_official") ? "[OK]" : "");
        row.put("Name", image.text("name"));
        row.put("StarCount", image.text("star_count"));
        listing.row(row);
      }
    }
    listing.print();
    return 0;
  }
}
