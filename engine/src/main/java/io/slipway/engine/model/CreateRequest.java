package io.slipway.engine.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.Map;

/**
 * A container to create. In JSON the fields of {@link Config} are at the top, beside the other two.
 */
public record CreateRequest(
    Config config, HostConfig hostConfig, Map<String, EndpointSettings> endpoints) {
  public CreateRequest {
    endpoints = Absent.map(endpoints);
  }

  public CreateRequest withHostConfig(HostConfig value) {
    return new CreateRequest(config, value, endpoints);
  }

  /** The two fields beside the config's. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Beside(HostConfig hostConfig, NetworkingConfig networkingConfig) {}

  /** The networks to join. */
  public record NetworkingConfig(Map<String, EndpointSettings> endpointsConfig) {
    public NetworkingConfig {
      endpointsConfig = Absent.map(endpointsConfig);
    }
  }
}
