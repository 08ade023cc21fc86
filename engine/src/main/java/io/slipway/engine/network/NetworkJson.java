package io.slipway.engine.network;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A network as the API shows it. */
record NetworkJson(
    String name,
    String id,
    Instant created,
    String scope,
    String driver,
    @JsonProperty("EnableIPv4") boolean enableIpv4,
    @JsonProperty("EnableIPv6") boolean enableIpv6,
    @JsonProperty("IPAM") Ipam ipam,
    boolean internal,
    boolean attachable,
    boolean ingress,
    ConfigFrom configFrom,
    boolean configOnly,
    Map<String, EndpointJson> containers,
    Map<String, String> options,
    Map<String, String> labels) {

  /** Where its addresses come from. */
  record Ipam(String driver, Map<String, String> options, List<Pool> config) {}

  /** A range of addresses. */
  record Pool(String subnet, String gateway) {}

  /** Always empty here: a network made from another's description. */
  record ConfigFrom(String network) {}

  /** A container on it. */
  record EndpointJson(
      String name,
      @JsonProperty("EndpointID") String endpointId,
      String macAddress,
      @JsonProperty("IPv4Address") String ipv4Address,
      @JsonProperty("IPv6Address") String ipv6Address) {}
}
