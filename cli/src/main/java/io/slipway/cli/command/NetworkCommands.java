package io.slipway.cli.command;

import io.slipway.cli.client.EngineException;
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

/** {@code slipway network ...}. */
final class NetworkCommands {
  private NetworkCommands() {}

  /** {@code slipway network ls}. */
  static final class ListNetworks implements Command {
    private static final Map<String, String> TITLES =
        Map.of(
            "CreatedAt", "CREATED AT",
            "Driver", "DRIVER",
            "ID", "NETWORK ID",
            "IPv4", "IPV4",
            "IPv6", "IPV6",
            "Internal", "INTERNAL",
            "Labels", "LABELS",
            "Name", "NAME",
            "Scope", "SCOPE");

    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .list("Provide filter values (e.g. \"driver=bridge\")", "filter", "-f", "--filter")
          .text("Format output: 'table', 'json' or a template", "string", "--format")
          .flag("Do not truncate the output", "--no-trunc")
          .flag("Only display network IDs", "-q", "--quiet")
          .words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS]";
    }

    @Override
    public int run(Invocation call) throws IOException {
      call.arguments(0);
      Query query = Query.of("/networks").ifPresent("filters", Filters.json(call.list("--filter")));
      String format = call.flag("--quiet") ? "{{.ID}}" : call.text("--format");
      String table = "{{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}";
      FormattedRows listing = new FormattedRows(call.console().out(), format, table, TITLES);
      try (EngineResponse answer = call.client().get(query)) {
        List<JsonValue> networks = new ArrayList<>(answer.json().items());
        networks.sort(Comparator.comparing(network -> network.text("Name")));
        boolean whole = call.flag("--no-trunc");
        networks.forEach(network -> listing.row(cells(network, whole), network.get("Labels")));
      }
      listing.print();
      return 0;
    }

    private static Map<String, String> cells(JsonValue network, boolean whole) {
      String id = network.text("Id");
      Map<String, String> row = new LinkedHashMap<>();
      row.put("CreatedAt", HumanText.goTime(network.text("Created")));
      row.put("Driver", network.text("Driver"));
      row.put("ID", whole ? id : HumanText.shortId(id));
      row.put("IPv4", network.text("EnableIPv4"));
      row.put("IPv6", network.text("EnableIPv6"));
      row.put("Internal", network.text("Internal"));
      row.put("Labels", FormattedRows.labels(network));
      row.put("Name", network.text("Name"));
      row.put("Scope", network.text("Scope"));
      return row;
    }
  }

  /** {@code slipway network create}. */
  static final class Create implements Command {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .flag("Enable manual container attachment", "--attachable")
          .list("Auxiliary IPv4 or IPv6 addresses used by Network driver", "map", "--aux-address")
          .text("The network from which to copy the configuration", "string", "--config-from")
          .flag("Create a configuration only network", "--config-only")
          .text("Driver to manage the Network", "string", "-d", "--driver")
          .list("IPv4 or IPv6 Gateway for the master subnet", "strings", "--gateway")
          .flag("Restrict external access to the network", "--internal")
          .list("Allocate container ip from a sub-range", "strings", "--ip-range")
          .text("IP Address Management Driver", "string", "--ipam-driver")
          .list("Set IPAM driver specific options", "map", "--ipam-opt")
          .flag("Enable or disable IPv4 address assignment (default true)", "--ipv4")
          .flag("Enable or disable IPv6 address assignment", "--ipv6")
          .list("Set metadata on a network", "list", "--label")
          .list("Set driver specific options", "map", "-o", "--opt")
          .list("Subnet in CIDR format that represents a network segment", "strings", "--subnet")
          .words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS] NETWORK";
    }

    @Override
    public int run(Invocation call) throws IOException {
      String name = call.arguments(1).getFirst();
      JsonObject body =
          new JsonObject()
              .put("Name", new JsonValue.Text(name))
              .put("Driver", new JsonValue.Text(call.text("--driver")))
              .put("EnableIPv6", new JsonValue.Bool(call.flag("--ipv6")))
              .put("Internal", new JsonValue.Bool(call.flag("--internal")))
              .put("Attachable", new JsonValue.Bool(call.flag("--attachable")))
              .put("ConfigOnly", new JsonValue.Bool(call.flag("--config-only")))
              .put("Options", Pairs.of(call.list("--opt")))
              .put("Labels", Pairs.of(call.list("--label")))
              .put("IPAM.Driver", new JsonValue.Text(call.text("--ipam-driver")))
              .put("IPAM.Options", Pairs.of(call.list("--ipam-opt")))
              .put("IPAM.Config", pools(call));
      if (!call.text("--config-from").isEmpty()) {
        body.put("ConfigFrom.Network", new JsonValue.Text(call.text("--config-from")));
      }
      if (call.options().hasMatchedOption("--ipv4")) {
        body.put("EnableIPv4", new JsonValue.Bool(call.flag("--ipv4")));
      }
      try (EngineResponse answer = call.client().post(Query.of("/networks/create"), body.value())) {
        call.console().out().println(answer.json().text("Id"));
      }
      return 0;
    }

    /** One for each subnet; ranges, gateways and addresses go to the subnet of their family. */
    private static JsonValue pools(Invocation call) {
      Map<String, JsonObject> pools = new LinkedHashMap<>();
      for (String subnet : call.list("--subnet")) {
        pools.put(subnet, new JsonObject().put("Subnet", new JsonValue.Text(subnet)));
      }
      for (String range : call.list("--ip-range")) {
        poolOf(pools, "range", range).put("IPRange", new JsonValue.Text(range));
      }
      for (String gateway : call.list("--gateway")) {
        poolOf(pools, "gateway", gateway).put("Gateway", new JsonValue.Text(gateway));
      }
      for (String aux : call.list("--aux-address")) {
        int equals = aux.indexOf('=');
        if (equals < 1) {
          throw new UsageException("bad format for --aux-address %s: use name=ip".formatted(aux));
        }
        String address = aux.substring(equals + 1);
        poolOf(pools, "aux-address", address)
            .in("AuxiliaryAddresses")
            .putName(aux.substring(0, equals), new JsonValue.Text(address));
      }
      return new JsonValue.Arr(pools.values().stream().<JsonValue>map(JsonObject::value).toList());
    }

    private static JsonObject poolOf(Map<String, JsonObject> pools, String what, String address) {
      boolean six = address.contains(":");
      return pools.entrySet().stream()
          .filter(pool -> pool.getKey().contains(":") == six)
          .map(Map.Entry::getValue)
          .findFirst()
          .orElseThrow(
              () -> new UsageException("no matching subnet for %s %s".formatted(what, address)));
    }
  }

  /** {@code slipway network rm}. */
  static final class Remove implements Command {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec).flag("Do not error if the network does not exist", "-f", "--force").words();
    }

    @Override
    public String arguments() {
      return "NETWORK [NETWORK...]";
    }

    @Override
    public int run(Invocation call) throws IOException {
      return EachName.of(call)
          .run(name -> {
            try {
              call.client().delete(Query.of("/networks/" + Query.segment(name))).close();
            } catch (EngineException e) {
              if (e.status() == 404 && call.flag("--force")) {
                return;
              }
              throw e;
            }
            call.console().out().println(name);
          });
    }
  }

  /** {@code slipway network connect}. */
  static final class Connect implements Command {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .list("Add network-scoped alias for the container", "strings", "--alias")
          .list("Driver options for the network", "strings", "--driver-opt")
          .text("Highest gw-priority provides the default gateway", "int", "--gw-priority")
          .text("IPv4 address (e.g. \"172.30.100.104\")", "string", "--ip")
          .text("IPv6 address (e.g. \"2001:db8::33\")", "string", "--ip6")
          .list("Add link to another container", "list", "--link")
          .list("Add a link-local address for the container", "strings", "--link-local-ip")
          .words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS] NETWORK CONTAINER";
    }

    @Override
    public int run(Invocation call) throws IOException {
      List<String> names = call.arguments(2);
      JsonObject body = new JsonObject().put("Container", new JsonValue.Text(names.get(1)));
      JsonObject endpoint = body.in("EndpointConfig");
      endpoint.putTexts("Aliases", call.list("--alias")).putTexts("Links", call.list("--link"));
      endpoint.putTexts("IPAMConfig.LinkLocalIPs", call.list("--link-local-ip"));
      if (!call.list("--driver-opt").isEmpty()) {
        endpoint.put("DriverOpts", Pairs.of(call.list("--driver-opt")));
      }
      if (!call.text("--ip").isEmpty()) {
        endpoint.put("IPAMConfig.IPv4Address", new JsonValue.Text(call.text("--ip")));
      }
      if (!call.text("--ip6").isEmpty()) {
        endpoint.put("IPAMConfig.IPv6Address", new JsonValue.Text(call.text("--ip6")));
      }
      String priority = call.text("--gw-priority");
      if (!priority.isEmpty()) {
        if (!priority.matches("-?\\d{1,9}")) {
          throw new UsageException("invalid argument \"%s\" for --gw-priority".formatted(priority));
        }
        endpoint.put("GwPriority", new JsonValue.Num(priority));
      }
      String path = "/networks/" + Query.segment(names.getFirst()) + "/connect";
      call.client().post(Query.of(path), body.value()).close();
      return 0;
    }
  }

  /** {@code slipway network disconnect}. */
  static final class Disconnect implements Command {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .flag("Force the container to disconnect from a network", "-f", "--force")
          .words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS] NETWORK CONTAINER";
    }

    @Override
    public int run(Invocation call) throws IOException {
      List<String> names = call.arguments(2);
      JsonObject body =
          new JsonObject()
              .put("Container", new JsonValue.Text(names.get(1)))
              .put("Force", new JsonValue.Bool(call.flag("--force")));
      String path = "/networks/" + Query.segment(names.getFirst()) + "/disconnect";
      call.client().post(Query.of(path), body.value()).close();
      return 0;
    }
  }

  /** {@code slipway network prune}. */
  static final class Prune implements Command {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .list("Provide filter values (e.g. \"until=24h\")", "filter", "--filter")
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
      if (!SpaceCommands.agreed(
          call, "This will remove all custom networks not used by at least one container.")) {
        return 0;
      }
      Query query =
          Query.of("/networks/prune").ifPresent("filters", Filters.json(call.list("--filter")));
      try (EngineResponse answer = call.client().post(query, Map.of())) {
        List<JsonValue> deleted = answer.json().get("NetworksDeleted").items();
        if (!deleted.isEmpty()) {
          call.console().out().println("Deleted Networks:");
          deleted.forEach(name -> call.console().out().println(name.text()));
          call.console().out().println();
        }
      }
      return 0;
    }
  }
}
