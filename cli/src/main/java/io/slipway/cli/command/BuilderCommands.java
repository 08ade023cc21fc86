package io.slipway.cli.command;

import io.slipway.cli.client.EngineResponse;
import io.slipway.cli.client.JsonValue;
import io.slipway.cli.client.Query;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** {@code slipway builder du} and {@code slipway builder prune}. */
final class BuilderCommands {
  private BuilderCommands() {}

  /** {@code slipway builder du}. */
  static final class DiskUsage implements Command {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .text("Format output: 'json' prints one JSON object a line", "string", "--format")
          .flag("Tell everything that is known of each item", "--verbose")
          .words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS]";
    }

    @Override
    public int run(Invocation call) throws IOException {
      call.arguments(0);
      PrintStream out = call.console().out();
      try (EngineResponse answer =
          call.client().get(Query.of("/system/df").with("type", "build-cache"))) {
        List<JsonValue> items = answer.json().get("BuildCache").items();
        if (Format.of(call.text("--format")) == Format.JSON) {
          items.forEach(item -> out.println(item.print(false)));
        } else if (call.flag("--verbose")) {
          items.forEach(item -> tellAll(out, item));
        } else {
          tell(out, items);
        }
      }
      return 0;
    }

    private static void tell(PrintStream out, List<JsonValue> items) {
      Table table = new Table("ID", "RECLAIMABLE", "SIZE", "LAST ACCESSED", "DESCRIPTION");
      long all = 0;
      long reclaimable = 0;
      for (JsonValue item : items) {
        boolean free = !item.flag("InUse") && !item.flag("Shared");
        all += item.number("Size");
        reclaimable += free ? item.number("Size") : 0;
        table.row(
            item.text("ID"),
            Boolean.toString(free),
            HumanText.size(item.number("Size")),
            HumanText.ago(Instant.parse(item.text("LastUsedAt")).getEpochSecond()),
            HumanText.cut(item.text("Description"), 60));
      }
      table.print(out);
      out.println("Reclaimable:  " + HumanText.size(reclaimable));
      out.println("Total:        " + HumanText.size(all));
    }

    private static void tellAll(PrintStream out, JsonValue item) {
      item.members()
          .forEach((name, value) -> {
            String text =
                value instanceof JsonValue.Text plain ? plain.value() : value.print(false);
            out.println(name + ":" + " ".repeat(Math.max(1, 14 - name.length())) + text);
          });
      out.println();
    }
  }

  /** {@code slipway builder prune}. */
  static final class Prune implements Command {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .flag("Remove all unused build cache, not just dangling ones", "-a", "--all")
          .list("Provide filter values (such as \"until=24h\")", "filter", "--filter")
          .flag("Do not prompt for confirmation", "-f", "--force")
          .text("Amount of disk space to keep for cache", "bytes", "--keep-storage")
          .text("Amount of disk space always allowed to keep", "bytes", "--reserved-space")
          .text("Maximum amount of disk space allowed to keep", "bytes", "--max-used-space")
          .text("Target amount of free disk space after pruning", "bytes", "--min-free-space")
          .words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS]";
    }

    @Override
    public int run(Invocation call) throws IOException {
      call.arguments(0);
      Query query = Query.of("/build/prune").flag("all", call.flag("--all"));
      query = query.ifPresent("filters", Filters.json(call.list("--filter")));
      for (String option :
          List.of("--keep-storage", "--reserved-space", "--max-used-space", "--min-free-space")) {
        String size = call.text(option);
        query =
            query.ifPresent(
                option.substring(2), size.isEmpty() ? "" : "" + ByteSize.parse(option, size));
      }
      if (!call.flag("--force") && !confirmed(call.console())) {
        return 0;
      }
      PrintStream out = call.console().out();
      try (EngineResponse answer = call.client().post(query, Map.of())) {
        JsonValue pruned = answer.json();
        List<JsonValue> ids = pruned.get("CachesDeleted").items();
        if (!ids.isEmpty()) {
          out.println("Deleted build cache objects:");
          ids.forEach(id -> out.println(id.text()));
          out.println();
        }
        out.println("Total reclaimed space: " + HumanText.size(pruned.number("SpaceReclaimed")));
      }
      return 0;
    }

    private static boolean confirmed(Console console) throws IOException {
      console
          .out()
          .println(
              "WARNING! This will remove all build cache that no image, container or running build"
                  + " needs.");
      console.out().print("Are you sure you want to continue? [y/N] ");
      console.flush();
      byte[] answer = new byte[1];
      return console.in().read(answer) == 1 && (answer[0] == 'y' || answer[0] == 'Y');
    }
  }
}
