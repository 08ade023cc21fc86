package io.slipway.engine.container;

import io.slipway.engine.model.Config;
import io.slipway.engine.model.HostConfig;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.network.Endpoint;
import io.slipway.runtime.network.HostsFile;
import io.slipway.runtime.network.ResolvConf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

  void write(
      Path directory,
      Config config,
      HostConfig host,
      Optional<Endpoint> endpoint,
      Optional<String> hostGateway)
      throws IOException {
    boolean hostNetwork = host.networkMode().equals("host");
    Files.writeString(directory.resolve("hostname"), config.hostname() + "\n");
    Files.writeString(
        directory.resolve("hosts"), hosts(config, host, endpoint, hostGateway, hostNetwork));
    Files.writeString(directory.resolve("resolv.conf"), resolv(host, hostNetwork));
  }

  private String hosts(
      Config config,
      HostConfig host,
      Optional<Endpoint> endpoint,
      Optional<String> hostGateway,
      boolean hostNetwork)
      throws IOException {
    HostsFile file = HostsFile.standard();
    if (endpoint.isPresent()) {
      file = file.with(endpoint.get().address().address().toString(), names(config));
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
    if (hostNetwork && Files.exists(own)) {
      String added = file.text().substring(HostsFile.standard().text().length());
      return Files.readString(own) + added;
    }
    return file.text();
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

  private String resolv(HostConfig host, boolean hostNetwork) throws IOException {
    Path own = etc.resolve("resolv.conf");
    ResolvConf conf =
        hostNetwork
            ? ResolvConf.parse(Files.exists(own) ? Files.readString(own) : "")
            : ResolvConf.forOwnNamespace(own);
    return conf.overriddenBy(host.dns(), host.dnsSearch(), host.dnsOptions()).text();
  }
}
