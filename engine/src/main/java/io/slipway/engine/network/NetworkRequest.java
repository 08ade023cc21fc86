package io.slipway.engine.network;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.slipway.engine.model.Absent;
import io.slipway.engine.state.NetworkRecord;
import java.util.Map;

/**
 * A network to make, as clients send it; null where they send nothing.
 *
 * @param enableIpv4 null means yes
 */
record NetworkRequest(
    String name,
    String driver,
    String scope,
    @JsonProperty("EnableIPv4") Boolean enableIpv4,
    @JsonProperty("EnableIPv6") Boolean enableIpv6,
    @JsonProperty("IPAM") NetworkRecord.Ipam ipam,
    boolean internal,
    boolean attachable,
    boolean ingress,
    boolean configOnly,
    ConfigFrom configFrom,
    Map<String, String> options,
    Map<String, String> labels) {
  NetworkRequest {
    name = name == null ? "" : name;
    driver = driver == null || driver.isEmpty() ? "bridge" : driver;
    scope = scope == null ? "" : scope;
    ipam = ipam == null ? new NetworkRecord.Ipam("", null, null) : ipam;
    options = Absent.texts(options);
    labels = Absent.texts(labels);
  }

  /** Another network whose description shall be used. */
  record ConfigFrom(String network) {}

  /** The name of that network; empty for none. */
  String configName() {
    return configFrom == null || configFrom.network() == null ? "" : configFrom.network();
  }

  /** The same with another network's description. */
  NetworkRequest withConfigurationOf(NetworkRecord other) {
    return new NetworkRequest(
        name,
        driver,
        scope,
        enableIpv4,
        other.enableIpv6(),
        other.ipam(),
        internal,
        attachable,
        ingress,
        configOnly,
        configFrom,
        other.options(),
        other.labels());
  }

  boolean wantsIpv6() {
    return Boolean.TRUE.equals(enableIpv6);
  }
}
