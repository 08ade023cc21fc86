package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import java.util.ArrayList;
import java.util.List;

/**
 * A new container's networks: {@code --network NAME} or {@code name=NAME,alias=A,ip=...}, several
 * times, and the options that are about the first of them.
 */
final class EndpointOptions {
  private static final List<String> SINGLE = List.of("--ip", "--ip6", "--mac-address");

  private EndpointOptions() {}

  static void describe(Options options) {
    options
        .list("Connect a container to a network", "network", "--net", "--network")
        .list(
            "Add network-scoped alias for the container", "list", "--net-alias", "--network-alias")
        .text("IPv4 address (e.g., 172.30.100.104)", "ip", "--ip")
        .text("IPv6 address (e.g., 2001:db8::33)", "ip", "--ip6")
        .list("Add link to another container", "list", "--link")
        .list("Container IPv4/IPv6 link-local addresses", "list", "--link-local-ip")
        .text("Container MAC address (e.g., 92:d0:c6:0a:29:33)", "string", "--mac-address");
  }

  static void apply(Invocation call, JsonObject body) {
    List<CsvOption> networks = call.list("--network").stream().map(EndpointOptions::parse).toList();
    String mode = networks.isEmpty() ? "" : networks.getFirst().get("name");
    if (!mode.isEmpty()) {
      body.put("HostConfig.NetworkMode", new JsonValue.Text(mode));
    }
    JsonObject first = new JsonObject();
    boolean own = mode.isEmpty() || mode.equals("default") || mode.equals("bridge");
    // links on the default network are the container's, elsewhere the endpoint's
    (own ? body.in("HostConfig") : first).putTexts("Links", call.list("--link"));
    first.putTexts("Aliases", call.list("--network-alias"));
    text(first, "IPAMConfig.IPv4Address", call.text("--ip"));
    text(first, "IPAMConfig.IPv6Address", call.text("--ip6"));
    first.putTexts("IPAMConfig.LinkLocalIPs", call.list("--link-local-ip"));
    text(first, "MacAddress", call.text("--mac-address"));
    if (networks.isEmpty()) {
      put(body, "default", first);
      return;
    }
    for (CsvOption network : networks) {
      JsonObject endpoint = network == networks.getFirst() ? first : new JsonObject();
      conflicts(call, network, networks.size());
      fields(network, endpoint);
      if (network != networks.getFirst()
          || !network.fields().keySet().equals(java.util.Set.of("name"))) {
        body.in("NetworkingConfig.EndpointsConfig").putName(network.get("name"), endpoint.value());
      } else {
        put(body, network.get("name"), endpoint);
      }
    }
  }

  private static void put(JsonObject body, String name, JsonObject endpoint) {
    if (!endpoint.value().members().isEmpty()) {
      body.in("NetworkingConfig.EndpointsConfig").putName(name, endpoint.value());
    }
  }

  private static CsvOption parse(String text) {
    if (!text.contains("=")) {
      return CsvOption.parse("--network", "name=" + text);
    }
    CsvOption option = CsvOption.parse("--network", text);
    option.allow(
        "name", "alias", "driver-opt", "ip", "ip6", "link-local-ip", "mac-address", "gw-priority");
    if (option.get("name").isEmpty()) {
      throw new CommandFailure(125, "--network " + text + ": name is missing");
    }
    return option;
  }

  /** The same thing is said twice, or of no network in particular. */
  private static void conflicts(Invocation call, CsvOption network, int count) {
    boolean single = SINGLE.stream().anyMatch(name -> !call.text(name).isEmpty());
    boolean lists =
        !call.list("--network-alias").isEmpty() || !call.list("--link-local-ip").isEmpty();
    if ((single || lists) && (count > 1 || network.fields().size() > 1)) {
      throw new CommandFailure(
          125,
          "conflicting options: --ip, --ip6, --mac-address, --network-alias and --link-local-ip go"
              + " with one plain --network; say --network name=NAME,ip=...,alias=... instead");
    }
  }

  private static void fields(CsvOption network, JsonObject endpoint) {
    if (!network.get("alias").isEmpty()) {
      endpoint.putTexts("Aliases", List.of(network.get("alias")));
    }
    text(endpoint, "IPAMConfig.IPv4Address", network.get("ip"));
    text(endpoint, "IPAMConfig.IPv6Address", network.get("ip6"));
    text(endpoint, "MacAddress", network.get("mac-address"));
    List<String> local = new ArrayList<>(List.of(network.get("link-local-ip")));
    local.removeIf(String::isEmpty);
    endpoint.putTexts("IPAMConfig.LinkLocalIPs", local);
    String option = network.get("driver-opt");
    if (!option.isEmpty()) {
      int equals = option.indexOf('=');
      endpoint
          .in("DriverOpts")
          .putName(
              equals < 0 ? option : option.substring(0, equals),
              new JsonValue.Text(equals < 0 ? "" : option.substring(equals + 1)));
    }
    String priority = network.get("gw-priority");
    if (!priority.isEmpty()) {
      endpoint.put("GwPriority", RunOption.number("--network gw-priority", priority));
    }
  }

  private static void text(JsonObject to, String member, String text) {
    if (!text.isEmpty()) {
      to.put(member, new JsonValue.Text(text));
    }
  }
}
