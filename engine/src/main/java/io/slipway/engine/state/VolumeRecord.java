package io.slipway.engine.state;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A local volume.
 *
 * @param anonymous made for one container, without a name given by anybody
 */
public record VolumeRecord(
    String name,
    String driver,
    Instant created,
    Map<String, String> labels,
    Map<String, String> options,
    boolean anonymous) {
  public VolumeRecord {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(driver, "driver");
    Objects.requireNonNull(created, "created");
    labels = new LinkedHashMap<>(labels);
    options = new LinkedHashMap<>(options);
  }
}
