package io.slipway.engine.network;

import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.network.IpAddress;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The bridge driver's options, read.
 *
 * @param name of the interface; empty for one made of the network's id
 * @param hostBinding where ports are published that say nothing else
 */
record BridgeOptions(
    String name,
    boolean interContainer,
    boolean masquerade,
    Optional<IpAddress> hostBinding,
    int mtu) {
  static final String NAME = "com.docker.network.bridge.name";
  static final String ICC = "com.docker.network.bridge.enable_icc";
  static final String MASQUERADE = "com.docker.network.bridge.enable_ip_masquerade";
  static final String HOST_BINDING = "com.docker.network.bridge.host_binding_ipv4";
  static final String DEFAULT_BRIDGE = "com.docker.network.bridge.default_bridge";
  static final String MTU = "com.docker.network.driver.mtu";

  private static final String PREFIX = "com.docker.network.";
  private static final Set<String> KNOWN =
      Set.of(NAME, ICC, MASQUERADE, HOST_BINDING, DEFAULT_BRIDGE, MTU);
  private static final int DEFAULT_MTU = 1500;

  /** Options of other makers are kept and mean nothing, as in Docker. */
  static BridgeOptions of(Map<String, String> options) {
    for (String key : options.keySet()) {
      if (key.startsWith(PREFIX) && !KNOWN.contains(key)) {
        throw SlipwayException.invalid(
            "network option " + key + " is not supported by this engine: leave it out");
      }
    }
    return new BridgeOptions(
        options.getOrDefault(NAME, ""),
        flag(options, ICC),
        flag(options, MASQUERADE),
        hostBinding(options.getOrDefault(HOST_BINDING, "")),
        mtu(options.getOrDefault(MTU, "")));
  }

  private static boolean flag(Map<String, String> options, String key) {
    return switch (options.getOrDefault(key, "true")) {
      case "1", "t", "T", "true", "TRUE", "True" -> true;
      case "0", "f", "F", "false", "FALSE", "False" -> false;
      default -> throw invalid(key, options.get(key));
    };
  }

  private static Optional<IpAddress> hostBinding(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(IpAddress.parse(text));
    } catch (IllegalArgumentException e) {
      throw invalid(HOST_BINDING, text);
    }
  }

  private static int mtu(String text) {
    if (!text.isEmpty() && !text.matches("\\d{1,5}")) {
      throw invalid(MTU, text);
    }
    int value = text.isEmpty() ? 0 : Integer.parseInt(text);
    return value == 0 ? DEFAULT_MTU : value;
  }

  private static SlipwayException invalid(String key, String value) {
    return SlipwayException.invalid("invalid value '" + value + "' for network option " + key);
  }
}
