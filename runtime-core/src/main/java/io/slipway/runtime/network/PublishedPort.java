package io.slipway.runtime.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A port of a container that can be reached at an address of the host. */
public record PublishedPort(
    PortProtocol protocol, int containerPort, IpAddress hostAddress, int hostPort) {
  public PublishedPort {
    Objects.requireNonNull(protocol, "protocol");
    Objects.requireNonNull(hostAddress, "hostAddress");
  }

  /** A binding to every address is two of these, if the host has both families. */
  static List<PublishedPort> of(PortBinding binding, boolean hostHasIpv6) {
    List<PublishedPort> all = new ArrayList<>();
    if (binding.hostAddress().isPresent()) {
      all.add(at(binding, binding.hostAddress().get()));
      return all;
    }
    all.add(at(binding, PortBinding.ANY));
    if (hostHasIpv6) {
      all.add(at(binding, PortBinding.ANY6));
    }
    return all;
  }

  private static PublishedPort at(PortBinding binding, IpAddress address) {
    return new PublishedPort(
        binding.protocol(), binding.containerPort(), address, binding.hostPort());
  }
}
