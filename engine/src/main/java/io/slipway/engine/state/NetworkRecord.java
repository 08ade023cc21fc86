package io.slipway.engine.state;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A network people made, or one of those that are there from the start.
 *
 * @param driver {@code bridge}, {@code host} or {@code null}
 * @param bridge the interface on the host; empty for the other drivers
 * @param ipam with the pools that were chosen, if none were asked for
 * @param ownSubnet whether people chose the subnet, so that they may also choose addresses in it
 * @param configOnly whether it is but a description for others
 * @param configFrom the network whose description it has; empty for its own
 */
public record NetworkRecord(
    String id,
    String name,
    Instant created,
    String driver,
    String bridge,
    @JsonProperty("EnableIPv6") boolean enableIpv6,
    boolean internal,
    boolean attachable,
    @JsonProperty("IPAM") Ipam ipam,
    boolean ownSubnet,
    Map<String, String> options,
    Map<String, String> labels,
    boolean configOnly,
    String configFrom) {
  public NetworkRecord {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(created, "created");
    Objects.requireNonNull(driver, "driver");
    Objects.requireNonNull(ipam, "ipam");
    bridge = bridge == null ? "" : bridge;
    configFrom = configFrom == null ? "" : configFrom;
    options = options == null ? Map.of() : new LinkedHashMap<>(options);
    labels = labels == null ? Map.of() : new LinkedHashMap<>(labels);
  }

  /**
   * Where addresses come from.
   *
   * @param options null when not given
   */
  public record Ipam(String driver, Map<String, String> options, List<Pool> config) {
    public Ipam {
      driver = driver == null || driver.isEmpty() ? "default" : driver;
      config = config == null ? List.of() : List.copyOf(config);
    }
  }

  /**
   * Addresses of one family.
   *
   * @param subnet {@code 172.18.0.0/16}
   * @param ipRange empty for the whole subnet
   * @param gateway the bridge's own address
   * @param auxiliaryAddresses never given out, by what people call them
   */
  public record Pool(
      String subnet,
      @JsonProperty("IPRange") String ipRange,
      String gateway,
      Map<String, String> auxiliaryAddresses) {
    public Pool {
      subnet = subnet == null ? "" : subnet;
      ipRange = ipRange == null ? "" : ipRange;
      gateway = gateway == null ? "" : gateway;
      auxiliaryAddresses = auxiliaryAddresses == null ? Map.of() : auxiliaryAddresses;
    }
  }
}
