package io.slipway.cli.command;

import io.slipway.cli.client.EngineResponse;
import io.slipway.cli.client.JsonValue;
import io.slipway.cli.client.Query;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Scanner;
import picocli.CommandLine.Model.CommandSpec;

/** What takes space and what gives it back: {@code system df} and the prunes. */
final class SpaceCommands {
  private SpaceCommands() {}

  /** Asks before something is removed; true if the user agrees. */
  static boolean agreed(Invocation call, String warning) {
    if (call.flag("--force")) {
      return true;
    }
    PrintStream out = call.console().out();
    out.print("WARNING! " + warning + "\nAre you sure you want to continue? [y/N] ");
    out.flush();
    Scanner answer = new Scanner(call.console().in(), java.nio.charset.StandardCharsets.UTF_8);
    return answer.hasNextLine() && answer.nextLine().strip().toLowerCase(Locale.ROOT).equals("y");
  }

  /** Posts a prune and prints what went; the bytes that came back. */
  private static long prune(Invocation call, Query query, String title, String list)
      throws IOException {
    try (EngineResponse answer = call.client().post(query, Map.of())) {
      JsonValue pruned = answer.json();
      List<String> lines = new ArrayList<>();
      for (JsonValue gone : pruned.get(list).items()) {
        switch (gone) {
          case JsonValue.Obj image -> {
            if (image.text("Untagged").isEmpty()) {
              lines.add("deleted: " + image.text("Deleted"));
            } else {
              lines.add("untagged: " + image.text("Untagged"));
            }
          }
          default -> lines.add(gone.text());
        }
      }
      if (!lines.isEmpty()) {
        call.console().out().println(title + ":");
        lines.forEach(call.console().out()::println);
        call.console().out().println();
      }
      return pruned.number("SpaceReclaimed");
    }
  }

  private static void total(Invocation call, long bytes) {
    call.console().out().println("Total reclaimed space: " + HumanText.size(bytes));
  }

  /** {@code slipway container prune}. */
  static final class PruneContainers implements Command {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .list("Provide filter values (e.g. \"until=<timestamp>\")", "filter", "--filter")
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
      if (agreed(call, "This will remove all stopped containers.")) {
        Query query =
            Query.of("/containers/prune").ifPresent("filters", Filters.json(call.list("--filter")));
        total(call, prune(call, query, "Deleted Containers", "ContainersDeleted"));
      }
      return 0;
    }
  }

  /** {@code slipway image prune}. */
  static final class PruneImages implements Command {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .flag("Remove all unused images, not just dangling ones", "-a", "--all")
          .list("Provide filter values (e.g. \"until=<timestamp>\")", "filter", "--filter")
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
      boolean all = call.flag("--all");
      String warning =
          all
              ? "This will remove all images without at least one container associated to them."
              : "This will remove all dangling images.";
      if (agreed(call, warning)) {
        total(call, images(call, all));
      }
      return 0;
    }
  }

  private static long images(Invocation call, boolean all) throws IOException {
    List<String> filters = new ArrayList<>(call.list("--filter"));
    filters.add("dangling=" + !all);
    Query query = Query.of("/images/prune").with("filters", Filters.json(filters));
    return prune(call, query, "Deleted Images", "ImagesDeleted");
  }

  /** {@code slipway system prune}. */
  static final class PruneSystem implements Command {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .flag("Remove all unused images not just dangling ones", "-a", "--all")
          .list("Provide filter values (e.g. \"label=<key>=<value>\")", "filter", "--filter")
          .flag("Do not prompt for confirmation", "-f", "--force")
          .flag("Prune anonymous volumes", "--volumes")
          .words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS]";
    }

    @Override
    public int run(Invocation call) throws IOException {
      call.arguments(0);
      boolean all = call.flag("--all");
      boolean volumes = call.flag("--volumes");
      String warning =
          "This will remove:\n"
              + "  - all stopped containers\n"
              + "  - all networks not used by at least one container\n"
              + (volumes ? "  - all anonymous volumes not used by at least one container\n" : "")
              + (all
                  ? "  - all images without at least one container associated to them\n"
                  : "  - all dangling images\n")
              + "  - unused build cache\n";
      if (!agreed(call, warning)) {
        return 0;
      }
      String filters = Filters.json(call.list("--filter"));
      long bytes =
          prune(
              call,
              Query.of("/containers/prune").ifPresent("filters", filters),
              "Deleted Containers",
              "ContainersDeleted");
      prune(
          call,
          Query.of("/networks/prune").ifPresent("filters", filters),
          "Deleted Networks",
          "NetworksDeleted");
      if (volumes) {
        bytes +=
            prune(
                call,
                Query.of("/volumes/prune").ifPresent("filters", filters),
                "Deleted Volumes",
                "VolumesDeleted");
      }
      bytes += images(call, all);
      bytes +=
          prune(
              call,
              Query.of("/build/prune").flag("all", all).ifPresent("filters", filters),
              "Deleted build cache objects",
              "CachesDeleted");
      total(call, bytes);
      return 0;
    }
  }
}
