package io.slipway.engine.network;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.slipway.engine.model.EndpointSettings;
import io.slipway.engine.state.NetworkRecord;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record Pool(
      String subnet,
      @JsonProperty("IPRange") String ipRange,
      String gateway,
      Map<String, String> auxiliaryAddresses) {
    static Pool of(NetworkRecord.Pool pool) {
      return new Pool(pool.subnet(), pool.ipRange(), pool.gateway(), pool.auxiliaryAddresses());
    }
  }

  /** The network whose description it has. */
  record ConfigFrom(String network) {}

  /** A container on it. */
  record EndpointJson(
      String name,
      @JsonProperty("EndpointID") String endpointId,
      String macAddress,
      @JsonProperty("IPv4Address") String ipv4Address,
      @JsonProperty("IPv6Address") String ipv6Address) {
    static EndpointJson of(AttachedContainers.Attached one) {
      EndpointSettings place = one.endpoint();
      return new EndpointJson(
          one.name(),
          place.endpointId(),
          place.macAddress(),
          address(place.ipAddress(), place.ipPrefixLen()),
          address(place.globalIpv6Address(), place.globalIpv6PrefixLen()));
    }

    private static String address(String address, int length) {
      return address.isEmpty() ? "" : address + "/" + length;
    }
  }

  static NetworkJson of(Network network, List<AttachedContainers.Attached> attached) {
    NetworkRecord record = network.record();
    Map<String, EndpointJson> containers = new TreeMap<>();
    attached.forEach(one -> containers.put(one.containerId(), EndpointJson.of(one)));
    return new NetworkJson(
        record.name(),
        record.id(),
        record.created(),
        "local",
        record.driver(),
        true,
        record.enableIpv6(),
        new Ipam(
            record.ipam().driver(),
            record.ipam().options(),
            record.ipam().config().stream().map(Pool::of).toList()),
        record.internal(),
        record.attachable(),
        false,
        new ConfigFrom(record.configFrom()),
        record.configOnly(),
        containers,
        record.options(),
        record.labels());
  }
}
