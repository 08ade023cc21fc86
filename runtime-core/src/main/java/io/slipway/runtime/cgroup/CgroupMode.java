package io.slipway.runtime.cgroup;

/** Which generations of cgroups a machine has mounted. */
public enum CgroupMode {
  V1,
  V2,
  /** Controllers on v1, and a v2 hierarchy beside them (with few or no controllers). */
  HYBRID;

  /** The version as {@code docker info} counts it. */
  public String version() {
    return this == V2 ? "2" : "1";
  }
}
