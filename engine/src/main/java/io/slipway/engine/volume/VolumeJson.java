package io.slipway.engine.volume;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.slipway.engine.state.VolumeRecord;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A volume as the API shows it. */
record VolumeJson(
    String name,
    String driver,
    String mountpoint,
    Instant createdAt,
    Map<String, String> labels,
    String scope,
    Map<String, String> options,
    @JsonInclude(JsonInclude.Include.NON_NULL) Usage usageData) {

  /** What {@code system df} adds. */
  record Usage(long size, int refCount) {}

  /** The answer of {@code GET /volumes}. */
  record Listed(List<VolumeJson> volumes, List<String> warnings) {}

  static VolumeJson of(VolumeRecord volume, VolumeService service) {
    return new VolumeJson(
        volume.name(),
        volume.driver(),
        service.data(volume.name()).toString(),
        volume.created(),
        volume.labels().isEmpty() ? null : volume.labels(),
        "local",
        volume.options().isEmpty() ? null : volume.options(),
        null);
  }

  VolumeJson with(Usage usage) {
    return new VolumeJson(name, driver, mountpoint, createdAt, labels, scope, options, usage);
  }
}
