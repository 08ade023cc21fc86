package io.slipway.runtime.network;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The addresses of one network in one family. The next free one after the last given out is taken,
 * so that an address rests before it is used again: the kernel takes a container's interface down
 * some time after the container ended. Not persisted: who runs says which addresses are held.
 */
final class AddressPool {
  private static final String NOBODY = "";

  private final IpSubnet subnet;
  private final Map<IpAddress, String> holders = new HashMap<>();
  private final long first;
  private final long end;
  private long last;

  /**
   * The pool of the gateway's network; network, broadcast and gateway are not given out.
   *
   * @param range where addresses are chosen; others of the network can still be asked for
   * @param reserved never given out
   */
  AddressPool(
      IpSubnet gateway, Optional<IpSubnet> range, Collection<? extends IpAddress> reserved) {
    this.subnet = gateway;
    long from = range.map(r -> gateway.offsetOf(r.network())).orElse(0L);
    long to = range.map(r -> from + r.lastOffset()).orElse(gateway.lastOffset());
    this.first = Math.max(from, 1);
    this.end = Math.min(to, lastUsable());
    this.last = first - 1;
    holders.put(gateway.address(), NOBODY);
    reserved.stream().filter(gateway::contains).forEach(a -> holders.put(a, NOBODY));
  }

  /** IPv6 has no broadcast address. */
  private long lastUsable() {
    return subnet instanceof Ipv4Subnet ? subnet.lastOffset() - 1 : subnet.lastOffset();
  }

  /** Takes the next free address for a container. */
  synchronized IpAddress next(String holder) {
    long tries = Math.min(end - first + 1, holders.size() + 1L);
    long candidate = last;
    for (long i = 0; i < tries; i++) {
      candidate = candidate >= end ? first : candidate + 1;
      IpAddress address = subnet.at(candidate);
      if (holders.putIfAbsent(address, holder) == null) {
        last = candidate;
        return address;
      }
    }
    String family = subnet instanceof Ipv4Subnet ? "IPv4" : "IPv6";
    throw new SlipwayException(
        ErrorKind.UNAVAILABLE,
        "no available %s addresses on this network's address pools: %s"
            .formatted(family, subnet.networkText()));
  }

  /** Takes one certain address. */
  synchronized IpAddress take(IpAddress wanted, String holder) {
    boolean broadcast =
        subnet instanceof Ipv4Subnet && subnet.offsetOf(wanted) == subnet.lastOffset();
    if (!subnet.contains(wanted) || wanted.equals(subnet.network()) || broadcast) {
      throw SlipwayException.invalid(
          "no configured subnet or ip-range contain the IP address " + wanted);
    }
    if (holders.putIfAbsent(wanted, holder) != null) {
      throw new SlipwayException(ErrorKind.CONFLICT, "Address already in use");
    }
    return wanted;
  }

  synchronized void free(IpAddress address) {
    holders.remove(address);
  }
}
