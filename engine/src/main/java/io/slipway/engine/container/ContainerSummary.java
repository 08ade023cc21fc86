package io.slipway.engine.container;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.slipway.engine.model.ContainerStatus;
import io.slipway.engine.model.EndpointSettings;
import io.slipway.engine.model.MountPoint;
import java.util.List;
import java.util.Map;

/** A line of {@code docker ps}. */
record ContainerSummary(
    String id,
    List<String> names,
    String image,
    @JsonProperty("ImageID") String imageId,
    String command,
    long created,
    List<Port> ports,
    @JsonInclude(JsonInclude.Include.NON_NULL) Long sizeRw,
    @JsonInclude(JsonInclude.Include.NON_NULL) Long sizeRootFs,
    Map<String, String> labels,
    ContainerStatus state,
    String status,
    HostSummary hostConfig,
    NetworkSummary networkSettings,
    List<MountPoint> mounts) {

  /** A port; without a public one it is only exposed. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Port(@JsonProperty("IP") String ip, int privatePort, Integer publicPort, String type) {}

  /** What is shown of the host config. */
  record HostSummary(String networkMode) {}

  /** What is shown of the networks. */
  record NetworkSummary(Map<String, EndpointSettings> networks) {}
}
