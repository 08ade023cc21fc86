package io.slipway.engine.network;

import io.slipway.engine.state.NetworkRecord;
import io.slipway.runtime.network.BridgeNetwork;
import io.slipway.runtime.network.IpAddress;
import java.util.Objects;
import java.util.Optional;

/**
 * A network as containers and people name it.
 *
 * @param bridge what is on the machine; empty for host and none, and for a network that could not
 *     be set up after the daemon's start
 */
public record Network(NetworkRecord record, Optional<BridgeNetwork> bridge) {
  public Network {
    Objects.requireNonNull(record, "record");
    Objects.requireNonNull(bridge, "bridge");
  }

  public String name() {
    return record.name();
  }

  public String id() {
    return record.id();
  }

  public String driver() {
    return record.driver();
  }

  /** Where ports are published that say nothing else; empty for every address of the host. */
  public Optional<IpAddress> hostBinding() {
    return isPredefined() || !driver().equals("bridge")
        ? Optional.empty()
        : BridgeOptions.of(record.options()).hostBinding();
  }

  /** Whether it is there from the start. */
  public boolean isPredefined() {
    return NetworkService.PREDEFINED.contains(name());
  }
}
