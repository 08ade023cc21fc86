package io.slipway.engine.container;

import io.slipway.engine.model.Config;
import io.slipway.engine.model.EndpointSettings;
import io.slipway.engine.model.HostConfig;
import io.slipway.engine.network.Network;
import io.slipway.engine.network.NetworkService;
import io.slipway.engine.state.ContainerRecord;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.network.EndpointOptions;
import io.slipway.runtime.network.Ipv4Address;
import io.slipway.runtime.network.Ipv6Address;
import io.slipway.runtime.network.MacAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What a container asks of its networks: read, checked and named as Docker does. Pure. */
final class EndpointWishes {
  private static final String CONTAINER_PREFIX = "container:";

  private EndpointWishes() {}

  /** Whether it has no networks of its own. */
  static boolean isAlone(HostConfig host) {
    String mode = host.networkMode();
    return mode.equals(NetworkService.HOST)
        || mode.equals(NetworkService.NONE)
        || mode.startsWith(CONTAINER_PREFIX);
  }

  /**
   * The networks of a new container by name, its network mode's first.
   *
   * @param networks finds a network; one that does not exist yet is missed at start
   */
  static Map<String, EndpointSettings> of(
      Config config,
      HostConfig host,
      Map<String, EndpointSettings> asked,
      Function<String, Optional<Network>> networks) {
    if (host.networkMode().startsWith(CONTAINER_PREFIX)) {
      return Map.of();
    }
    Map<String, EndpointSettings> all = new LinkedHashMap<>();
    String first = nameOf(config.networkDisabled() ? "none" : host.networkMode(), networks);
    all.put(first, EndpointSettings.EMPTY);
    asked.forEach((name, settings) ->
        all.put(
            nameOf(name, networks), settings == null ? EndpointSettings.EMPTY : settings.wishes()));
    if (isAlone(host) && all.size() > 1) {
      throw SlipwayException.invalid(
          "conflicting options: cannot attach both user-defined and non-user-defined"
              + " network-modes");
    }
    all.computeIfPresent(first, (name, settings) -> withMacOf(config, settings));
    all.forEach((name, settings) -> networks.apply(name).ifPresent(n -> check(n, settings)));
    return all;
  }

  private static String nameOf(String text, Function<String, Optional<Network>> networks) {
    String name = text.isEmpty() || text.equals("default") ? NetworkService.BRIDGE : text;
    return networks.apply(name).map(Network::name).orElse(name);
  }

  /** Old clients give the address beside the container's other options. */
  private static EndpointSettings withMacOf(Config config, EndpointSettings settings) {
    return settings.macAddress().isEmpty() ? settings.withMac(config.macAddress()) : settings;
  }

  /** What only networks that people made can fulfil. */
  static void check(Network network, EndpointSettings settings) {
    options("", network, settings, List.of());
    EndpointSettings.IpamConfig ipam = settings.ipamConfig();
    boolean address =
        ipam != null && !(ipam.ipv4Address().isEmpty() && ipam.ipv6Address().isEmpty());
    if (ipam != null && !ipam.linkLocalIps().isEmpty()) {
      throw OptionRules.notBuilt("--link-local-ip");
    }
    if (!settings.driverOpts().isEmpty()) {
      throw OptionRules.notBuilt("--driver-opt " + settings.driverOpts().keySet());
    }
    if (network.isPredefined() && address) {
      throw SlipwayException.invalid(
          "user specified IP address is supported on user defined networks only");
    }
    if (address && !network.record().ownSubnet()) {
      throw SlipwayException.invalid(
          "user specified IP address is supported only when connecting to networks with user"
              + " configured subnets");
    }
    if (network.isPredefined() && !settings.aliases().isEmpty()) {
      throw SlipwayException.invalid(
          "network-scoped alias is supported only for containers in user defined networks");
    }
  }

  /** Names by which the others on a network find it; none on a network without names. */
  static List<String> dnsNames(ContainerRecord record, Network network, EndpointSettings settings) {
    if (network.isPredefined()) {
      return List.of();
    }
    Set<String> names = new LinkedHashSet<>();
    names.add(record.name());
    names.addAll(settings.aliases());
    names.add(ContainerRecord.shortId(record.id()));
    names.add(record.config().hostname());
    names.remove("");
    return new ArrayList<>(names);
  }

  /** The wishes in the runtime's terms. */
  static EndpointOptions options(
      String containerName, Network network, EndpointSettings settings, List<String> dnsNames) {
    EndpointSettings.IpamConfig ipam = settings.ipamConfig();
    Map<String, String> links = new LinkedHashMap<>();
    for (String link : settings.links()) {
      Link parsed = Link.parse(link);
      links.put(parsed.alias(), parsed.container());
    }
    return new EndpointOptions(
        containerName,
        read(ipam == null ? "" : ipam.ipv4Address(), Ipv4Address::parse),
        read(ipam == null ? "" : ipam.ipv6Address(), Ipv6Address::parse),
        read(settings.macAddress(), MacAddress::parse),
        dnsNames,
        network.isPredefined() ? Map.of() : links,
        settings.gwPriority());
  }

  private static <T> Optional<T> read(String text, Function<String, T> parser) {
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(parser.apply(text));
    } catch (IllegalArgumentException e) {
      throw SlipwayException.invalid(e.getMessage());
    }
  }

  /** {@code --link CONTAINER:ALIAS}. */
  record Link(String container, String alias) {
    static Link parse(String text) {
      String[] parts = text.split(":", -1);
      if (parts.length > 2 || parts[0].isEmpty() || parts[parts.length - 1].isEmpty()) {
        throw SlipwayException.invalid("bad format for links: " + text);
      }
      String name = parts[0].startsWith("/") ? parts[0].substring(1) : parts[0];
      String alias = parts[parts.length - 1];
      return new Link(name, alias.substring(alias.lastIndexOf('/') + 1));
    }
  }
}
