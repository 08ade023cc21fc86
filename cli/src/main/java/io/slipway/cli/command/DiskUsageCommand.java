package io.slipway.cli.command;

import io.slipway.cli.client.EngineResponse;
import io.slipway.cli.client.JsonValue;
import io.slipway.cli.client.Query;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** {@code slipway system df}. */
final class DiskUsageCommand implements Command {
  private static final String TABLE =
      "{{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}";
  private static final Map<String, String> TITLES =
      Map.of(
          "Type",
          "TYPE",
          "TotalCount",
          "TOTAL",
          "Active",
          "ACTIVE",
          "Size",
          "SIZE",
          "Reclaimable",
          "RECLAIMABLE");

  @Override
  public void describe(CommandSpec spec) {
    new Options(spec)
        .text("Format output using a Go template, 'table' or 'json'", "string", "--format")
        .flag("Show detailed information on space usage", "-v", "--verbose")
        .words();
  }

  @Override
  public String arguments() {
    return "[OPTIONS]";
  }

  /** A line: how many, how many of them in use, bytes, and bytes a prune would give back. */
  private record Usage(String type, long total, long active, long size, long reclaimable) {
    String reclaim() {
      boolean cache = type.equals("Build Cache");
      return HumanText.size(reclaimable)
          + (size > 0 && !cache ? " (" + reclaimable * 100 / size + "%)" : "");
    }

    Map<String, String> cells() {
      Map<String, String> row = new LinkedHashMap<>();
      row.put("Active", Long.toString(active));
      row.put("Reclaimable", reclaim());
      row.put("Size", HumanText.size(size));
      row.put("TotalCount", Long.toString(total));
      row.put("Type", type);
      return row;
    }
  }

  @Override
  public int run(Invocation call) throws IOException {
    call.arguments(0);
    try (EngineResponse answer = call.client().get(Query.of("/system/df"))) {
      JsonValue df = answer.json();
      if (call.flag("--verbose")) {
        DiskUsageDetails.print(call.console().out(), df);
        return 0;
      }
      List<Usage> lines = List.of(images(df), containers(df), volumes(df), builds(df));
      FormattedRows listing =
          new FormattedRows(call.console().out(), call.text("--format"), TABLE, TITLES);
      lines.forEach(line -> listing.row(line.cells()));
      listing.print();
    }
    return 0;
  }

  private static Usage images(JsonValue df) {
    List<JsonValue> images = df.get("Images").items();
    long active = 0;
    long used = 0;
    for (JsonValue image : images) {
      if (image.number("Containers") > 0) {
        active++;
        used += image.number("Size") - Math.max(0, image.number("SharedSize"));
      }
    }
    long size = df.number("LayersSize");
    return new Usage("Images", images.size(), active, size, Math.max(0, size - used));
  }

  private static Usage containers(JsonValue df) {
    List<JsonValue> containers = df.get("Containers").items();
    long active = 0;
    long size = 0;
    long reclaimable = 0;
    for (JsonValue container : containers) {
      long own = container.number("SizeRw");
      size += own;
      if (List.of("running", "paused", "restarting").contains(container.text("State"))) {
        active++;
      } else {
        reclaimable += own;
      }
    }
    return new Usage("Containers", containers.size(), active, size, reclaimable);
  }

  private static Usage volumes(JsonValue df) {
    List<JsonValue> volumes = df.get("Volumes").items();
    long active = 0;
    long size = 0;
    long reclaimable = 0;
    for (JsonValue volume : volumes) {
      long bytes = Math.max(0, volume.get("UsageData").number("Size"));
      size += bytes;
      if (volume.get("UsageData").number("RefCount") > 0) {
        active++;
      } else {
        reclaimable += bytes;
      }
    }
    return new Usage("Local Volumes", volumes.size(), active, size, reclaimable);
  }

  private static Usage builds(JsonValue df) {
    List<JsonValue> builds = df.get("BuildCache").items();
    long active = 0;
    long size = 0;
    long reclaimable = 0;
    for (JsonValue build : builds) {
      size += build.flag("Shared") ? 0 : build.number("Size");
      if (build.flag("InUse")) {
        active++;
      } else {
        reclaimable += build.flag("Shared") ? 0 : build.number("Size");
      }
    }
    return new Usage("Build Cache", builds.size(), active, size, reclaimable);
  }
}
