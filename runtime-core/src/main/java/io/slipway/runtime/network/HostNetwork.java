package io.slipway.runtime.network;

import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the machine's own network looks like: for choosing a bridge's defaults. A snapshot of {@code
 * /proc/net/route} and the interfaces.
 *
 * @param subnets networks the machine has routes to
 * @param uplinkMtu MTU of the interface of the default route, if there is one
 */
public record HostNetwork(List<Ipv4Subnet> subnets, Optional<Integer> uplinkMtu) {
  private static final int ETHERNET_MTU = 1500;
  private static final int INTERFACE = 0;
  private static final int DESTINATION = 1;
  private static final int MASK = 7;
  private static final int HEX = 16;

  /** Docker's pools for networks without a subnet of their own. */
  private static final int FIRST_LARGE_POOL = 17;

  private static final int LAST_LARGE_POOL = 31;
  private static final int SMALL_POOL_STEP = 16;

  public HostNetwork {
    subnets = List.copyOf(subnets);
  }

  /** Looks at the machine. */
  public static HostNetwork read() throws IOException {
    return read(Path.of("/proc/net/route"), HostNetwork::mtu);
  }

  /** What an interface sends at most; not by {@code /sys}, which may show another network. */
  @FunctionalInterface
  interface Mtus {
    int of(String name) throws IOException;
  }

  private static int mtu(String name) throws IOException {
    NetworkInterface found = NetworkInterface.getByName(name);
    return found == null ? ETHERNET_MTU : found.getMTU();
  }

  /**
   * Whether the machine filters packets with the old iptables (not the one that is nf_tables
   * inside). Its rules are not ours to change, and may drop what we let pass.
   */
  public static boolean hasLegacyIptables() {
    return isListed(Path.of("/proc/net/ip_tables_names"), "filter");
  }

  static boolean isListed(Path tables, String name) {
    try {
      return Files.exists(tables) && Files.readAllLines(tables).contains(name);
    } catch (IOException e) {
      // Not readable means not there: only root's own namespaces show it.
      return false;
    }
  }

  static HostNetwork read(Path routes, Mtus mtus) throws IOException {
    List<Ipv4Subnet> subnets = new ArrayList<>();
    Optional<Integer> mtu = Optional.empty();
    for (String line : Files.readAllLines(routes)) {
      String[] cells = line.split("\\s+");
      if (cells.length <= MASK || cells[INTERFACE].equals("Iface")) {
        continue;
      }
      int mask = bits(cells[MASK]);
      int prefix = Integer.bitCount(mask);
      if (prefix == 0 && mtu.isEmpty()) {
        mtu = Optional.of(mtus.of(cells[INTERFACE]));
      } else if (prefix >= 8) {
        // A route to one host (/32) still is in some pool: take the smallest subnet around it.
        subnets.add(
            new Ipv4Subnet(new Ipv4Address(bits(cells[DESTINATION])), Math.min(prefix, 30)));
      }
    }
    return new HostNetwork(subnets, mtu);
  }

  /** The kernel prints the bytes of network order as a number of the machine's order. */
  private static int bits(String hex) {
    return Integer.reverseBytes(Integer.parseUnsignedInt(hex, HEX));
  }

  /** What containers can send without being cut on the way out. */
  public int containerMtu() {
    return Math.min(ETHERNET_MTU, uplinkMtu.orElse(ETHERNET_MTU));
  }

  /**
   * The first of Docker's pools that no route of the machine overlaps, as a gateway address.
   *
   * @return empty if all are in use
   */
  public Optional<Ipv4Subnet> freeGateway() {
    return pools().stream().filter(this::isFree).findFirst();
  }

  /** Docker's pools, in its order, as gateway addresses. */
  public static List<Ipv4Subnet> pools() {
    List<Ipv4Subnet> pools = new ArrayList<>();
    for (int second = FIRST_LARGE_POOL; second <= LAST_LARGE_POOL; second++) {
      pools.add(Ipv4Subnet.parse("172." + second + ".0.1/16"));
    }
    for (int third = 0; third <= 240; third += SMALL_POOL_STEP) {
      pools.add(Ipv4Subnet.parse("192.168." + third + ".1/20"));
    }
    return pools;
  }

  /** Whether the machine has no route into this network. */
  public boolean isFree(Ipv4Subnet wanted) {
    return subnets.stream()
        .noneMatch(used -> used.contains(wanted.network()) || wanted.contains(used.network()));
  }
}
