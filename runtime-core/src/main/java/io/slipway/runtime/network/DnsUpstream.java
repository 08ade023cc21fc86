package io.slipway.runtime.network;

import java.util.Objects;

/**
 * A name server that is asked for what no network of a container knows, at port 53.
 *
 * @param fromHost asked from the machine's own network, because it listens on its loopback address;
 *     others are asked from the container's, whose rules then hold for it
 */
public record DnsUpstream(IpAddress address, boolean fromHost) {
  public DnsUpstream {
    Objects.requireNonNull(address, "address");
  }
}
