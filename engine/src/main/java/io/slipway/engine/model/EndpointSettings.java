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
    driverOpts = Absent.map(driverOpts);
    networkId = Absent.text(networkId);
    endpointId = Absent.text(endpointId);
    gateway = Absent.text(gateway);
    ipAddress = Absent.text(ipAddress);
    ipv6Gateway = Absent.text(ipv6Gateway);
    globalIpv6Address = Absent.text(globalIpv6Address);
    dnsNames = Absent.list(dnsNames);
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
