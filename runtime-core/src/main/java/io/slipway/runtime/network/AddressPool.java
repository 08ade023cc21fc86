package io.slipway.runtime.network;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.util.HashMap;
import java.util.Map;

/**
 * The addresses of one network. The next free one after the last given out is taken, so that an
 * address rests before it is used again: the kernel takes a container's interface down some time
 * after the container ended. Not persisted: no container outlives the daemon's network.
 */
final class AddressPool {
  private final Ipv4Subnet subnet;
  private final Map<Ipv4Address, String> holders = new HashMap<>();
  private Ipv4Address last;

  /** The pool of the gateway's network; network, broadcast and gateway are not given out. */
  AddressPool(Ipv4Subnet gateway) {
    this.subnet = gateway;
    this.last = gateway.network();
  }

  /** Takes the next free address for a container. */
  synchronized Ipv4Address next(String holder) {
    Ipv4Address candidate = last;
    do {
      candidate = candidate.plus(1);
      if (candidate.compareTo(subnet.broadcast()) >= 0) {
        candidate = subnet.network().plus(1);
      }
      if (!candidate.equals(subnet.address()) && holders.putIfAbsent(candidate, holder) == null) {
        last = candidate;
        return candidate;
      }
    } while (!candidate.equals(last));
    throw new SlipwayException(
        ErrorKind.UNAVAILABLE,
        "no available IPv4 addresses on this network's address pools: " + subnet.networkText());
  }

  /** Takes one certain address. */
  synchronized Ipv4Address take(Ipv4Address wanted, String holder) {
    boolean usable =
        subnet.contains(wanted)
            && !wanted.equals(subnet.network())
            && !wanted.equals(subnet.broadcast());
    if (!usable) {
      throw SlipwayException.invalid(
          "no configured subnet or ip-range contain the IP address " + wanted);
    }
    if (wanted.equals(subnet.address()) || holders.putIfAbsent(wanted, holder) != null) {
      throw new SlipwayException(ErrorKind.CONFLICT, "Address already in use");
    }
    return wanted;
  }

  synchronized void free(Ipv4Address address) {
    holders.remove(address);
  }
}
