package io.slipway.cli.command;

import io.slipway.cli.client.EngineResponse;
import io.slipway.cli.client.JsonValue;
import io.slipway.cli.client.Query;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import picocli.CommandLine.Model.CommandSpec;

/** The commands on containers that are one plain request for each name. */
final class ContainerCommands {
  private ContainerCommands() {}

  /** A command that posts to {@code /containers/NAME/VERB} and prints the name. */
  private abstract static class Post implements Command {
    @Override
    public String arguments() {
      return "[OPTIONS] CONTAINER [CONTAINER...]";
    }

    /** The request for one container. */
    abstract Query query(Invocation call, String container);

    @Override
    public int run(Invocation call) throws IOException {
      return EachName.of(call)
          .run(name -> {
            call.client().post(query(call, Query.segment(name)), Map.of()).close();
            call.console().out().println(name);
          });
    }
  }

  /** {@code slipway stop}. */
  static final class Stop extends Post {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .text("Signal to send to the container", "string", "-s", "--signal")
          .text("Seconds to wait before killing the container", "int", "-t", "--time", "--timeout")
          .words();
    }

    @Override
    Query query(Invocation call, String container) {
      return Query.of("/containers/" + container + "/stop")
          .ifPresent("t", call.text("--timeout"))
          .ifPresent("signal", call.text("--signal"));
    }
  }

  /** {@code slipway restart}. */
  static final class Restart extends Post {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .text("Signal to send to the container", "string", "-s", "--signal")
          .text("Seconds to wait before killing the container", "int", "-t", "--time", "--timeout")
          .words();
    }

    @Override
    Query query(Invocation call, String container) {
      return Query.of("/containers/" + container + "/restart")
          .ifPresent("t", call.text("--timeout"))
          .ifPresent("signal", call.text("--signal"));
    }
  }

  /** {@code slipway kill}. */
  static final class Kill extends Post {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec).text("Signal to send to the container", "string", "-s", "--signal").words();
    }

    @Override
    Query query(Invocation call, String container) {
      return Query.of("/containers/" + container + "/kill")
          .ifPresent("signal", call.text("--signal"));
    }
  }

  /** {@code slipway pause} and {@code slipway unpause}. */
  static final class Freeze extends Post {
    private final String verb;

    Freeze(String verb) {
      this.verb = verb;
    }

    @Override
    public String arguments() {
      return "CONTAINER [CONTAINER...]";
    }

    @Override
    Query query(Invocation call, String container) {
      return Query.of("/containers/" + container + "/" + verb);
    }
  }

  /** {@code slipway rm}. */
  static final class Remove implements Command {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .flag("Force the removal of a running container (uses SIGKILL)", "-f", "--force")
          .flag("Remove the specified link", "-l", "--link")
          .flag("Remove anonymous volumes associated with the container", "-v", "--volumes")
          .words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS] CONTAINER [CONTAINER...]";
    }

    @Override
    public int run(Invocation call) throws IOException {
      return EachName.of(call)
          .run(name -> {
            Query query =
                Query.of("/containers/" + Query.segment(name))
                    .flag("force", call.flag("--force"))
                    .flag("link", call.flag("--link"))
                    .flag("v", call.flag("--volumes"));
            call.client().delete(query).close();
            call.console().out().println(name);
          });
    }
  }

  /** {@code slipway ps}. */
  static final class ListContainers implements Command {
    private static final int COMMAND_WIDTH = 20;
    private static final int MOUNT_WIDTH = 15;
    private static final String TABLE =
        "{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}";
    private static final Map<String, String> TITLES =
        Map.ofEntries(
            Map.entry("Command", "COMMAND"),
            Map.entry("CreatedAt", "CREATED AT"),
            Map.entry("ID", "CONTAINER ID"),
            Map.entry("Image", "IMAGE"),
            Map.entry("Labels", "LABELS"),
            Map.entry("LocalVolumes", "LOCAL VOLUMES"),
            Map.entry("Mounts", "MOUNTS"),
            Map.entry("Names", "NAMES"),
            Map.entry("Networks", "NETWORKS"),
            Map.entry("Ports", "PORTS"),
            Map.entry("RunningFor", "CREATED"),
            Map.entry("Size", "SIZE"),
            Map.entry("State", "STATE"),
            Map.entry("Status", "STATUS"));

    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .flag("Show all containers (default shows just running)", "-a", "--all")
          .list("Filter output based on conditions provided", "filter", "-f", "--filter")
          .text("Format output using a Go template, 'table' or 'json'", "string", "--format")
          .flag("Display total file sizes", "-s", "--size")
          .text("Show n last created containers (includes all states)", "int", "-n", "--last")
          .flag("Show the latest created container (includes all states)", "-l", "--latest")
          .flag("Don't truncate output", "--no-trunc")
          .flag("Only display container IDs", "-q", "--quiet")
          .words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS]";
    }

    @Override
    public int run(Invocation call) throws IOException {
      call.arguments(0);
      String last = call.flag("--latest") ? "1" : call.text("--last");
      Query query =
          Query.of("/containers/json")
              .flag("all", call.flag("--all"))
              .flag("size", call.flag("--size"))
              .ifPresent("limit", last)
              .ifPresent("filters", Filters.json(call.list("--filter")));
      try (EngineResponse answer = call.client().get(query)) {
        print(call, answer.json().items());
      }
      return 0;
    }

    private static void print(Invocation call, List<JsonValue> containers) {
      boolean whole = call.flag("--no-trunc");
      boolean size = call.flag("--size");
      String format = call.flag("--quiet") ? "{{.ID}}" : call.text("--format");
      FormattedRows listing =
          new FormattedRows(
              call.console().out(), format, size ? TABLE + "\t{{.Size}}" : TABLE, TITLES);
      containers.forEach(c -> listing.row(cells(c, whole), c.get("Labels")));
      listing.print();
    }

    /** What docker calls the fields of a row. */
    private static Map<String, String> cells(JsonValue c, boolean whole) {
      String command = c.text("Command");
      Map<String, String> row = new LinkedHashMap<>();
      row.put("Command", '"' + (whole ? command : HumanText.cut(command, COMMAND_WIDTH)) + '"');
      row.put("CreatedAt", HumanText.time(c.number("Created")));
      row.put("ID", whole ? c.text("Id") : HumanText.shortId(c.text("Id")));
      row.put("Image", c.text("Image"));
      row.put("Labels", FormattedRows.labels(c));
      row.put("LocalVolumes", Long.toString(volumes(c)));
      row.put("Mounts", mounts(c, whole));
      row.put("Names", names(c));
      row.put(
          "Networks",
          String.join(",", c.get("NetworkSettings").get("Networks").members().keySet()));
      row.put("Ports", ports(c));
      row.put("RunningFor", HumanText.ago(c.number("Created")));
      row.put("Size", size(c));
      row.put("State", c.text("State"));
      row.put("Status", c.text("Status"));
      return row;
    }

    private static long volumes(JsonValue container) {
      return container.get("Mounts").items().stream()
          .filter(m -> m.text("Type").equals("volume"))
          .count();
    }

    private static String mounts(JsonValue container, boolean whole) {
      List<String> names = new ArrayList<>();
      for (JsonValue mount : container.get("Mounts").items()) {
        String name = mount.text("Name").isEmpty() ? mount.text("Source") : mount.text("Name");
        names.add(whole ? name : HumanText.cut(name, MOUNT_WIDTH));
      }
      return String.join(",", names);
    }

    private static String size(JsonValue container) {
      long all = container.number("SizeRootFs");
      String own = HumanText.size(container.number("SizeRw"));
      return all > 0 ? own + " (virtual " + HumanText.size(all) + ")" : own;
    }

    private static String names(JsonValue container) {
      List<String> names = new ArrayList<>();
      for (JsonValue name : container.get("Names").items()) {
        names.add(name.text().replaceFirst("^/", ""));
      }
      return String.join(",", names);
    }

    private static String ports(JsonValue container) {
      TreeSet<String> ports = new TreeSet<>();
      for (JsonValue port : container.get("Ports").items()) {
        String inside = port.text("PrivatePort") + "/" + port.text("Type");
        String address = port.text("IP");
        String host = address.contains(":") ? "[" + address + "]" : address;
        ports.add(
            port.number("PublicPort") == 0
                ? inside
                : host + ":" + port.text("PublicPort") + "->" + inside);
      }
      return String.join(", ", ports);
    }
  }
}
