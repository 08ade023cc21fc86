package io.slipway.cli.command;

import io.slipway.cli.client.EngineResponse;
import io.slipway.cli.client.JsonValue;
import io.slipway.cli.client.Query;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** {@code slipway volume ...}. */
final class VolumeCommands {
  private VolumeCommands() {}

  /** {@code slipway volume ls}. */
  static final class ListVolumes implements Command {
    private static final String NOT_KNOWN = "N/A";

    private static final Map<String, String> TITLES =
        Map.of(
            "Availability", "AVAILABILITY",
            "Driver", "DRIVER",
            "Group", "GROUP",
            "Labels", "LABELS",
            "Links", "LINKS",
            "Mountpoint", "MOUNTPOINT",
            "Name", "VOLUME NAME",
            "Scope", "SCOPE",
            "Size", "SIZE",
            "Status", "STATUS");

    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .list("Provide filter values (e.g. \"dangling=true\")", "filter", "-f", "--filter")
          .text("Format output: 'table', 'json' or a template", "string", "--format")
          .flag("Only display volume names", "-q", "--quiet")
          .words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS]";
    }

    @Override
    public int run(Invocation call) throws IOException {
      call.arguments(0);
      Query query = Query.of("/volumes").ifPresent("filters", Filters.json(call.list("--filter")));
      String format = call.flag("--quiet") ? "{{.Name}}" : call.text("--format");
      FormattedRows listing =
          new FormattedRows(call.console().out(), format, "{{.Driver}}\t{{.Name}}", TITLES);
      try (EngineResponse answer = call.client().get(query)) {
        List<JsonValue> volumes = new ArrayList<>(answer.json().get("Volumes").items());
        volumes.sort(Comparator.comparing(volume -> volume.text("Name")));
        volumes.forEach(volume -> listing.row(cells(volume), volume.get("Labels")));
      }
      listing.print();
      return 0;
    }

    /** Docker has more to tell of a cluster's volumes. */
    private static Map<String, String> cells(JsonValue volume) {
      Map<String, String> row = new LinkedHashMap<>();
      row.put("Availability", NOT_KNOWN);
      row.put("Driver", volume.text("Driver"));
      row.put("Group", NOT_KNOWN);
      row.put("Labels", FormattedRows.labels(volume));
      row.put("Links", NOT_KNOWN);
      row.put("Mountpoint", volume.text("Mountpoint"));
      row.put("Name", volume.text("Name"));
      row.put("Scope", volume.text("Scope"));
      row.put("Size", NOT_KNOWN);
      row.put("Status", NOT_KNOWN);
      return row;
    }
  }

  /** {@code slipway volume create}. */
  static final class Create implements Command {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .text("Specify volume driver name", "string", "-d", "--driver")
          .list("Set metadata for a volume", "list", "--label")
          .list("Set driver specific options", "map", "-o", "--opt")
          .words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS] [VOLUME]";
    }

    @Override
    public int run(Invocation call) throws IOException {
      List<String> names = call.arguments();
      if (names.size() > 1) {
        throw new UsageException("\"slipway volume create\" requires at most 1 argument");
      }
      JsonObject body =
          new JsonObject()
              .put("Name", new JsonValue.Text(names.isEmpty() ? "" : names.getFirst()))
              .put("Driver", new JsonValue.Text(call.text("--driver")))
              .put("DriverOpts", Pairs.of(call.list("--opt")))
              .put("Labels", Pairs.of(call.list("--label")));
      try (EngineResponse answer = call.client().post(Query.of("/volumes/create"), body.value())) {
        call.console().out().println(answer.json().text("Name"));
      }
      return 0;
    }
  }

  /** {@code slipway volume rm}. */
  static final class Remove implements Command {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec).flag("Force the removal of one or more volumes", "-f", "--force").words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS] VOLUME [VOLUME...]";
    }

    @Override
    public int run(Invocation call) throws IOException {
      return EachName.of(call)
          .run(name -> {
            Query query =
                Query.of("/volumes/" + Query.segment(name)).flag("force", call.flag("--force"));
            call.client().delete(query).close();
            call.console().out().println(name);
          });
    }
  }

  /** {@code slipway volume prune}. */
  static final class Prune implements Command {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .flag("Remove all unused volumes, not just anonymous ones", "-a", "--all")
          .list("Provide filter values (e.g. \"label=<label>\")", "filter", "--filter")
          .flag("Do not prompt for confirmation", "-f", "--force")
          .words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS]";
    }

    @Override
    public int run(Invocation call) throws IOException {
      call.arguments(0);
      List<String> filters = new ArrayList<>(call.list("--filter"));
      String kind = "anonymous local";
      if (call.flag("--all")) {
        filters.add("all=1");
        kind = "local";
      }
      if (!SpaceCommands.agreed(
          call,
          "This will remove %s volumes not used by at least one container.".formatted(kind))) {
        return 0;
      }
      Query query = Query.of("/volumes/prune").ifPresent("filters", Filters.json(filters));
      try (EngineResponse answer = call.client().post(query, Map.of())) {
        JsonValue pruned = answer.json();
        List<JsonValue> deleted = pruned.get("VolumesDeleted").items();
        if (!deleted.isEmpty()) {
          call.console().out().println("Deleted Volumes:");
          deleted.forEach(name -> call.console().out().println(name.text()));
          call.console().out().println();
        }
        String freed = HumanText.size(pruned.number("SpaceReclaimed"));
        call.console().out().println("Total reclaimed space: " + freed);
      }
      return 0;
    }
  }
}
