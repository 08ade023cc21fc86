package io.slipway.engine.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A mount of a container as it was resolved.
 *
 * @param type bind, volume, tmpfs or image
 * @param name of a volume
 */
public record MountPoint(
    String type,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) String name,
    String source,
    String destination,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) String driver,
    String mode,
    @JsonProperty("RW") boolean rw,
    String propagation) {
  public MountPoint {
    name = Absent.text(name);
    source = Absent.text(source);
    driver = Absent.text(driver);
    mode = Absent.text(mode);
    propagation = Absent.text(propagation);
  }

  /** The same from elsewhere. */
  public MountPoint withSource(String newSource) {
    return new MountPoint(type, name, newSource, destination, driver, mode, rw, propagation);
  }

  /** The same with another mode. */
  public MountPoint withMode(String newMode, boolean writable) {
    return new MountPoint(type, name, source, destination, driver, newMode, writable, propagation);
  }
}
