package io.slipway.engine.container;

import io.slipway.engine.model.Config;
import io.slipway.engine.model.EndpointSettings;
import io.slipway.engine.model.HostConfig;
import io.slipway.engine.state.ContainerRecord;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.network.DnsUpstream;
import io.slipway.runtime.network.HostsFile;
import io.slipway.runtime.network.ResolvConf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code /etc/hosts}, {@code /etc/hostname} and {@code /etc/resolv.conf}: files of the container's
 * directory on the host, mounted into it and so never part of its image.
 */
final class ContainerFiles {
  private final Path etc;

  /** {@code etc} is the host's own directory of that name. */
  ContainerFiles(Path etc) {
    this.etc = etc;
  }

  /**
   * Writes all of them anew.
   *
   * @param links other containers on the default bridge
   */
  void write(Path directory, ContainerRecord record, Optional<String> hostGateway, List<Peer> links)
      throws IOException {
    Config config = record.config();
    Files.writeString(directory.resolve("hostname"), config.hostname() + "\n");
    Files.writeString(directory.resolve("hosts"), hosts(record, hostGateway, links));
    Files.writeString(directory.resolve("resolv.conf"), resolv(record));
  }

  /** Another container, as this one calls it. */
  record Peer(String address, List<String> names) {}

  private String hosts(ContainerRecord record, Optional<String> hostGateway, List<Peer> links)
      throws IOException {
    HostConfig host = record.hostConfig();
    HostsFile file = HostsFile.standard();
    for (EndpointSettings place : record.endpoints().values()) {
      for (String address : addresses(place)) {
        file = file.with(address, names(record.config()));
      }
    }
    for (Peer link : links) {
      file = file.with(link.address(), link.names());
    }
    for (String extra : host.extraHosts()) {
      int colon = extra.indexOf(':');
      if (colon < 1) {
        throw SlipwayException.invalid("bad format for add-host: \"" + extra + "\"");
      }
      String name = extra.substring(0, colon);
      file = file.with(address(extra.substring(colon + 1), hostGateway), List.of(name));
    }
    Path own = etc.resolve("hosts");
    if (host.networkMode().equals("host") && Files.exists(own)) {
      String added = file.text().substring(HostsFile.standard().text().length());
      return Files.readString(own) + added;
    }
    return file.text();
  }

  private static List<String> addresses(EndpointSettings place) {
    return Stream.of(place.ipAddress(), place.globalIpv6Address())
        .filter(address -> !address.isEmpty())
        .toList();
  }

  /**
   * A running container has joined one more network. Its files are changed where they are, because
   * they are mounted into it, and what it wrote into them itself stays.
   *
   * @param firstNames whether this is its first network with names
   */
  void joined(Path directory, ContainerRecord record, EndpointSettings place, boolean firstNames)
      throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String address : addresses(place)) {
      lines.append(address).append('\t').append(String.join(" ", names(record.config())));
      lines.append('\n');
    }
    Files.writeString(directory.resolve("hosts"), lines, StandardOpenOption.APPEND);
    if (firstNames && ContainerNetworking.hasNameServer(record)) {
      Files.writeString(directory.resolve("resolv.conf"), resolv(record));
    }
  }

  /** A running container has left a network. */
  void left(Path directory, EndpointSettings place) throws IOException {
    Path hosts = directory.resolve("hosts");
    List<String> kept =
        Files.readAllLines(hosts).stream()
            .filter(line -> !addresses(place).contains(line.split("\t", 2)[0]))
            .toList();
    Files.writeString(hosts, String.join("\n", kept) + "\n");
  }

  private static String address(String text, Optional<String> hostGateway) {
    if (!text.equals("host-gateway")) {
      return text;
    }
    return hostGateway.orElseThrow(
        () -> SlipwayException.invalid("unable to derive the IP value for host-gateway"));
  }

  private static List<String> names(Config config) {
    List<String> names = new ArrayList<>();
    if (!config.domainname().isEmpty()) {
      names.add(config.hostname() + "." + config.domainname());
    }
    names.add(config.hostname());
    return names;
  }

  private String resolv(ContainerRecord record) throws IOException {
    HostConfig host = record.hostConfig();
    Path own = etc.resolve("resolv.conf");
    if (host.networkMode().equals("host")) {
      ResolvConf conf = ResolvConf.parse(Files.exists(own) ? Files.readString(own) : "");
      return overridden(conf, host).text();
    }
    if (ContainerNetworking.hasNameServer(record)) {
      return overridden(ResolvConf.ofHost(own), host).throughNameServer().text();
    }
    return overridden(ResolvConf.forOwnNamespace(own), host).text();
  }

  private static ResolvConf overridden(ResolvConf conf, HostConfig host) {
    return conf.overriddenBy(host.dns(), host.dnsSearch(), host.dnsOptions());
  }

  /** Whom our own name server asks for a container. */
  List<DnsUpstream> upstream(HostConfig host) throws IOException {
    return overridden(ResolvConf.ofHost(etc.resolve("resolv.conf")), host).upstream();
  }
}
