package io.slipway.engine.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;

/**
 * A container's place on a network: what a create request asks for, and what inspect shows.
 *
 * @param ipamConfig null when no address is asked for
 */
public record EndpointSettings(
    @JsonProperty("IPAMConfig") IpamConfig ipamConfig,
    List<String> links,
    List<String> aliases,
    String macAddress,
    Map<String, String> driverOpts,
    int gwPriority,
    @JsonProperty("NetworkID") String networkId,
    @JsonProperty("EndpointID") String endpointId,
    String gateway,
    @JsonProperty("IPAddress") String ipAddress,
    @JsonProperty("IPPrefixLen") int ipPrefixLen,
    @JsonProperty("IPv6Gateway") String ipv6Gateway,
    @JsonProperty("GlobalIPv6Address") String globalIpv6Address,
    @JsonProperty("GlobalIPv6PrefixLen") int globalIpv6PrefixLen,
    @JsonProperty("DNSNames") List<String> dnsNames) {
  public EndpointSettings {
    links = Absent.list(links);
    aliases = Absent.list(aliases);
    macAddress = Absent.text(macAddress);
    driverOpts = Absent.texts(driverOpts);
    networkId = Absent.text(networkId);
    endpointId = Absent.text(endpointId);
    gateway = Absent.text(gateway);
    ipAddress = Absent.text(ipAddress);
    ipv6Gateway = Absent.text(ipv6Gateway);
    globalIpv6Address = Absent.text(globalIpv6Address);
    dnsNames = Absent.list(dnsNames);
  }

  /** No wishes, no place. */
  public static final EndpointSettings EMPTY =
      new EndpointSettings(
          null, null, null, null, null, 0, null, null, null, null, 0, null, null, 0, null);

  /** What was asked for, without what the network gave. */
  public EndpointSettings wishes() {
    return withPlace(networkId, "", EMPTY);
  }

  /** The same wishes with another place; its addresses are taken from {@code place}. */
  public EndpointSettings withPlace(
      String newNetworkId, String newEndpointId, EndpointSettings place) {
    return new EndpointSettings(
        ipamConfig,
        links,
        aliases,
        place.macAddress().isEmpty() ? macAddress : place.macAddress(),
        driverOpts,
        gwPriority,
        newNetworkId,
        newEndpointId,
        place.gateway(),
        place.ipAddress(),
        place.ipPrefixLen(),
        place.ipv6Gateway(),
        place.globalIpv6Address(),
        place.globalIpv6PrefixLen(),
        place.dnsNames());
  }

  /** The same with another hardware address. */
  public EndpointSettings withMac(String newMac) {
    return new EndpointSettings(
        ipamConfig,
        links,
        aliases,
        newMac,
        driverOpts,
        gwPriority,
        networkId,
        endpointId,
        gateway,
        ipAddress,
        ipPrefixLen,
        ipv6Gateway,
        globalIpv6Address,
        globalIpv6PrefixLen,
        dnsNames);
  }

  /** The same with other names by which the others on the network find it. */
  public EndpointSettings withNames(List<String> names) {
    return new EndpointSettings(
        ipamConfig,
        links,
        aliases,
        macAddress,
        driverOpts,
        gwPriority,
        networkId,
        endpointId,
        gateway,
        ipAddress,
        ipPrefixLen,
        ipv6Gateway,
        globalIpv6Address,
        globalIpv6PrefixLen,
        names);
  }

  /** Addresses asked for. */
  public record IpamConfig(
      @JsonProperty("IPv4Address") String ipv4Address,
      @JsonProperty("IPv6Address") String ipv6Address,
      @JsonProperty("LinkLocalIPs") List<String> linkLocalIps) {
    public IpamConfig {
      ipv4Address = Absent.text(ipv4Address);
      ipv6Address = Absent.text(ipv6Address);
      linkLocalIps = Absent.list(linkLocalIps);
    }
  }
}
